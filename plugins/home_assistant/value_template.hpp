// ValueTemplate: the Jinja templates with which a discovery message says where in a payload the
// value is, as far as sensors use them: {{ value }}, {{ value_json.a['b'].c }}, with the filters
// int, float, round, default, string, lower, upper, trim and bool, a comparison with a literal,
// "x if .. else y" and {% if .. %}x{% else %}y{% endif %} (home-assistant.io, MQTT and templating).
// Promise: parse() gives nothing for any other form: what is not understood is never guessed.
// A member that is missing gives no value, also where Jinja would take it for false: its absence
// is no all-clear. Bounded: kLongest bytes, kDeepest levels of a path. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sdk/json.hpp"

namespace watchpost::home_assistant {

class ValueTemplate {
 public:
  static constexpr std::size_t kLongest = 2'000;
  static constexpr std::size_t kDeepest = 16;

  // An empty text is the payload as it is.
  [[nodiscard]] static std::optional<ValueTemplate> parse(std::string_view text);

  [[nodiscard]] bool needs_json() const { return of_json_; }
  // `json`: the payload parsed; null where it is no JSON. Nothing where it has no such member.
  [[nodiscard]] std::optional<sdk::json::value> evaluate(std::string_view payload,
                                                         const sdk::json::value* json) const;

  enum class Compared { no, equal, unequal, less, less_or_equal, greater, greater_or_equal };
  // Members are set by the parser alone.
  struct Parts {
    bool of_json = false;
    std::vector<std::string> path{};  // keys, or indices as text
    bool as_number = false;           // int, float
    bool negated = false;             // "if not x"
    Compared compared = Compared::no;
    sdk::json::value literal{};  // compared with
    bool chooses = false;        // one of two literals
    sdk::json::value when_true{};
    sdk::json::value when_false{};
  };

 private:
  explicit ValueTemplate(Parts parts) : parts_(std::move(parts)), of_json_(parts_.of_json) {}
  Parts parts_;
  bool of_json_ = false;
};

}  // namespace watchpost::home_assistant

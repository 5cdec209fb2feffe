#include "simulator/event_facts.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "base/json_text.hpp"
#include "model/event_id.hpp"

namespace watchpost::simulator {
namespace {

constexpr std::string_view kSpace = " \t\r\n";

// Walks over one JSON object without building a tree. Brackets are counted, not checked: a broken
// event gives wrong members or none, but nothing outside the text is read.
class Members {
 public:
  explicit Members(std::string_view object) : rest_(object) {
    skip_space();
    open_ = eat('{');
  }

  // NOLINTNEXTLINE(bugprone-easily-swappable-parameters): key, then value, as in the JSON
  [[nodiscard]] bool next(std::string_view& key, std::string_view& value) {
    if (!open_) return false;
    skip_space();
    if (!first_ && !eat(',')) return false;
    first_ = false;
    skip_space();
    key = take_value();
    skip_space();
    if (key.size() < 2 || key.front() != '"' || !eat(':')) return false;
    key = key.substr(1, key.size() - 2);
    skip_space();
    value = take_value();
    return !value.empty();
  }
  [[nodiscard]] bool open() const { return open_; }

 private:
  void skip_space() {
    rest_.remove_prefix(std::min(rest_.find_first_not_of(kSpace), rest_.size()));
  }
  bool eat(char wanted) {
    if (rest_.empty() || rest_.front() != wanted) return false;
    rest_.remove_prefix(1);
    return true;
  }
  static std::size_t end_of_string(std::string_view text, std::size_t at) {
    while (++at < text.size() && text[at] != '"') {
      if (text[at] == '\\') ++at;
    }
    return std::min(at + 1, text.size());
  }
  std::string_view take_value() {
    std::size_t depth = 0;
    std::size_t at = 0;
    while (at < rest_.size()) {
      const char c = rest_[at];
      if (c == '"') {
        at = end_of_string(rest_, at);
        if (depth == 0) break;
        continue;
      }
      const bool closes = c == '}' || c == ']';
      if (depth == 0 && (closes || c == ',' || c == ':' || kSpace.find(c) != kSpace.npos)) break;
      if (c == '{' || c == '[') ++depth;
      ++at;
      if (closes && --depth == 0) break;
    }
    const auto value = rest_.substr(0, at);
    rest_.remove_prefix(at);
    return value;
  }

  std::string_view rest_;
  bool open_ = false;
  bool first_ = true;
};

std::string_view unquoted(std::string_view value) {
  const bool quoted = value.size() >= 2 && value.front() == '"';
  return quoted ? value.substr(1, value.size() - 2) : value;
}

void read_alarm(std::string_view object, EventFacts& facts) {
  Members members(object);
  std::string_view key;
  std::string_view value;
  while (members.next(key, value)) {
    if (key == "event") facts.alarm_event = unquoted(value);
    if (key == "state") facts.alarm_state = unquoted(value);
    if (key == "transition") facts.alarm_changes = value;
  }
}

void read_data(std::string_view object, EventFacts& facts) {
  Members members(object);
  std::string_view key;
  std::string_view value;
  while (members.next(key, value)) {
    if (key == "topic") facts.topic = text_of(value).value_or("");
    if (key == "raw") facts.raw = value;
    if (key == "alarm") read_alarm(value, facts);
  }
}

}  // namespace

std::string as_in_event(std::string_view payload) {
  if (!scan_json(payload).valid) return std::string(payload);
  std::string text;
  append_compact_json(text, payload);
  return text;
}

std::optional<std::string> text_of(std::string_view json_string) {
  if (json_string.size() < 2 || json_string.front() != '"') return std::nullopt;
  if (json_string.find('\\') == std::string_view::npos) return std::string(unquoted(json_string));
  boost::system::error_code error;
  const boost::json::value value = boost::json::parse(json_string, error);
  if (error || !value.is_string()) return std::nullopt;
  return std::string(value.get_string());
}

std::optional<EventFacts> read_event(std::string_view event) {
  Members members(event);
  if (!members.open()) return std::nullopt;
  EventFacts facts;
  std::string_view key;
  std::string_view value;
  while (members.next(key, value)) {
    if (key == "id") facts.id = unquoted(value);
    if (key == "source") facts.source = unquoted(value);
    if (key == "wpclass") facts.event_class = unquoted(value);
    if (key == "subject") facts.subject = unquoted(value);
    if (key == "data") read_data(value, facts);
    if (key != "sequence") continue;
    if (const auto sequence = sequence_from(unquoted(value))) facts.sequence = sequence->value;
  }
  return facts;
}

}  // namespace watchpost::simulator

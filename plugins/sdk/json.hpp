// JSON for decoders: one pass into memory that is reused from frame to frame.
// Promise: look-ups return nothing where a member is missing or of another type; null is asked for
// separately and never becomes false. A value lives until the next parse() of its document.
// Used inside decode(), on the daemon's I/O thread.
#pragma once

#include <array>
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parser.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <optional>
#include <string_view>

#include "sdk/text.hpp"

namespace watchpost::sdk {

namespace json = boost::json;

class JsonDocument {
 public:
  JsonDocument();
  // Nothing when `text` is not one JSON value (RFC 8259, UTF-8, at most 32 levels deep); why() says
  // it. What small programs add is no reason to lose an alarm: NUL and Ctrl-Z at the end, a byte
  // order mark before the text, and half of a character in two parts are mended (is_mended()).
  const json::value* parse(std::string_view text);
  const json::object* parse_object(std::string_view text);
  [[nodiscard]] std::string_view why() const { return why_; }
  [[nodiscard]] bool is_mended() const { return is_mended_; }

 private:
  bool read(std::string_view text);
  bool is_mended_ = false;

  std::array<unsigned char, 32 * 1024> buffer_;  // larger documents spill to the heap and are freed
  // Made anew for each document: release() of Boost 1.81 keeps doubling what the next spill asks of
  // the heap, until after some twenty large documents there is not so much memory.
  std::optional<json::monotonic_resource> memory_;
  std::array<unsigned char, 4 * 1024> scratch_;
  json::parser parser_;
  std::optional<json::value> root_;
  std::string why_;
};

[[nodiscard]] const json::value* member(const json::object& object, std::string_view key);
[[nodiscard]] const json::object* object_at(const json::object& object, std::string_view key);
[[nodiscard]] std::optional<std::string_view> text_at(const json::object& object,
                                                      std::string_view key);
// A finite number, or a text that is one ("100.00").
[[nodiscard]] std::optional<double> number_of(const json::value& value);
[[nodiscard]] std::optional<double> number_at(const json::object& object, std::string_view key);
// true and false only; null, missing, numbers and texts are nothing.
[[nodiscard]] std::optional<bool> boolean_at(const json::object& object, std::string_view key);
// ISO text, epoch seconds or milliseconds, epoch as text; nothing for null, "" and unset clocks.
[[nodiscard]] std::optional<std::int64_t> time_of(const json::value& value, int zone_minutes);
[[nodiscard]] std::optional<std::int64_t> time_at(const json::object& object, std::string_view key,
                                                  int zone_minutes);

}  // namespace watchpost::sdk

// json_text: looks at JSON text without building a tree, and writes JSON strings and numbers.
// Promise: `scan_json` accepts exactly RFC 8259 (of bounded depth, number length and size), so that
// text it accepts can be embedded in a larger document as it stands. Pure; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace watchpost {

// What receivers are known to read: Boost.JSON stops at 32 levels, two of which are the event's
// own; Python stops at 4,300 digits.
inline constexpr std::size_t kMostJsonDepth = 30;
inline constexpr std::size_t kMostNumberLength = 1'024;

struct JsonShape {
  bool valid = false;
  bool object = false;       // an object, not an array or a plain value
  bool empty = true;         // an object without members
  bool has_watched = false;  // an object with the watched key at its top level
};

// `text` must be UTF-8 already. A watched key is compared as written, without escapes.
[[nodiscard]] JsonShape scan_json(std::string_view text, std::string_view watched_key = {});

// `text` itself where it is UTF-8, else with U+FFFD for each byte that is not.
[[nodiscard]] std::string as_utf8(std::string_view text);
// Appends `text` as a JSON string with its quotes. Bytes that are not UTF-8 become U+FFFD.
void append_json_string(std::string& out, std::string_view text);
// JSON knows no NaN and no infinity: those are null, "not known". The shortest form that reads back
// as the same number.
void append_json_number(std::string& out, double value);
void append_json_number(std::string& out, std::uint64_t value);

}  // namespace watchpost

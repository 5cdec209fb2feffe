// json_text: looks at JSON text without building a tree, and writes JSON strings and numbers.
// Promise: `scan_json` accepts what every reader of ours and of others is known to accept: RFC 8259
// of bounded depth and number length, without half of a surrogate pair and without an exponent that
// overflows. So text that it accepts can be embedded in a larger document, and the document is read
// by whoever gets it. Pure; any thread.
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
inline constexpr std::size_t kMostExponentDigits = 4;

struct JsonShape {
  bool valid = false;
  bool object = false;       // an object, not an array or a plain value
  bool empty = true;         // an object without members
  bool has_watched = false;  // an object with the watched key at its top level
  bool compact = true;       // no blanks and no line ends between its parts
};

// Compared as written, without escapes.
struct WatchedKey {
  std::string_view name{};
};
// `text` must be UTF-8 already.
[[nodiscard]] JsonShape scan_json(std::string_view text, WatchedKey watched = {});

// Appends `text`, which scan_json accepts, without the blanks and line ends between its parts: one
// line, and otherwise byte for byte what it was.
void append_compact_json(std::string& out, std::string_view text);

// `text` itself where it is UTF-8, else with U+FFFD for each byte that is not.
[[nodiscard]] std::string as_utf8(std::string_view text);
// Appends `text` as a JSON string with its quotes. Bytes that are not UTF-8 become U+FFFD.
void append_json_string(std::string& out, std::string_view text);
// Appends the shortest form that reads back as the same number. JSON knows no NaN and no infinity:
// those are written as null, "not known".
void append_json_number(std::string& out, double value);
void append_json_number(std::string& out, std::uint64_t value);

}  // namespace watchpost

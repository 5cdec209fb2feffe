// Columns: text for a terminal, where a Chinese character takes two columns and a Latin one takes
// one.
// Promise: no text is cut off; a line that is too long goes on below, indented. Pure, except
// terminal_width.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace watchpost::cli {

[[nodiscard]] std::size_t display_width(std::string_view text);
// Adds blanks at the end until the text has `width` columns.
[[nodiscard]] std::string padded(std::string_view text, std::size_t width);
// Without what a terminal obeys: control characters are shown as "\x1b". What devices and people
// call themselves must move no cursor and colour no line.
[[nodiscard]] std::string printable(std::string_view text);
struct Columns {
  std::size_t width;   // 0: one line
  std::size_t indent;  // blanks before further lines; the first has its own
};
[[nodiscard]] std::string wrapped(std::string_view text, Columns columns);
// The width of the standard output; 0 where that is no terminal.
[[nodiscard]] std::size_t terminal_width();

}  // namespace watchpost::cli

// Columns: text for a terminal, where a Chinese character takes two columns and a Latin one takes
// one. Promise: nothing is cut off; a line that is too long goes on below, indented. Pure, but for
// terminal_width.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace watchpost::cli {

[[nodiscard]] std::size_t display_width(std::string_view text);
// Blanks at the end up to `width` columns.
[[nodiscard]] std::string padded(std::string_view text, std::size_t width);
// `text` begins with its own indentation; further lines have `indent` blanks. `width` 0: one line.
[[nodiscard]] std::string wrapped(std::string_view text, std::size_t width, std::size_t indent);
// Of the standard output; 0 where that is no terminal.
[[nodiscard]] std::size_t terminal_width();

}  // namespace watchpost::cli

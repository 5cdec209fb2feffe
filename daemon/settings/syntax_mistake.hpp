// Syntax mistakes: what a person did where a file is no TOML.
// Promise: names the character, the bracket, the quotation mark or the first of two, in words that
// need no knowledge of TOML; what is not recognised keeps the parser's own words. Pure; used by the
// configuration only, at start-up.
#pragma once

#include <string_view>
#include <vector>

#include "settings/config_file.hpp"

namespace watchpost::settings {

// What the TOML parser says.
struct SyntaxError {
  unsigned line = 0;
  unsigned column = 0;
  std::string_view description;
};

// At least one; `file` of the mistakes is left empty.
[[nodiscard]] std::vector<ConfigMistake> syntax_mistakes(std::string_view text,
                                                         const SyntaxError& error);

}  // namespace watchpost::settings

// Syntax mistakes: says what a person did wrong where a file is no valid TOML.
// Promise: names the character, the bracket, the quotation mark or the first of two equal keys, in
// words that need no knowledge of TOML; a mistake that is not recognised keeps the parser's own
// words. Pure; used by the configuration only, at start-up.
#pragma once

#include <string_view>
#include <vector>

#include "settings/config_file.hpp"

namespace watchpost::settings {

// A mistake as the TOML parser reports it.
struct SyntaxError {
  unsigned line = 0;
  unsigned column = 0;
  std::string_view description;
};

// Returns at least one mistake; `file` of the mistakes is left empty.
[[nodiscard]] std::vector<ConfigMistake> syntax_mistakes(std::string_view text,
                                                         const SyntaxError& error);

}  // namespace watchpost::settings

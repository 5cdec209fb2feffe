// What the kinds and states of observations are called for people.
// Promise: every kind and every state has a name in each language. Read by the watchpost command
// and, through it, by the page from state to class. Pure; any thread.
#pragma once

#include <string_view>

#include "model/language.hpp"
#include "model/observation.hpp"

namespace watchpost {

[[nodiscard]] std::string_view kind_word(Kind kind, Language language);
[[nodiscard]] std::string_view state_word(DeclaredState state, Language language);

}  // namespace watchpost

// From state to class: what each kind of device can declare and what becomes of it.
// Promise: asks the code that decides (rules/verdict.hpp) for every kind and state, so that the
// page cannot say anything else. The tables in docs/states.md and docs/states.zh-CN.md are this
// page, word by word (tests/unit/cli/states_page_test.cpp). Pure.
#pragma once

#include <string>

#include "model/language.hpp"

namespace watchpost::cli {

[[nodiscard]] std::string states_page(Language language);

}  // namespace watchpost::cli

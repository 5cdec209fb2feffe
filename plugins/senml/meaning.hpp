// What the names of our own devices mean.
// Promise: a table; names not in it are measurements under their own name, but for those that the
// grammar of danger (plugins/danger) knows and whose value is a flag or a word. Pure.
#pragma once

#include <string_view>

#include "abi/watchpost_decoder.h"

namespace watchpost::senml {

enum class Role {
  detector,   // true is an alarm of `kind`
  perhaps,    // true may be one: a word that nobody knows stands before its name
  measured,   // a quantity of `kind`
  scan,       // the UID of a tag
  companion,  // a fact about the device, kept with whatever it comes with
};

struct Meaning {
  std::string_view name;
  Role role = Role::measured;
  watchpost_kind kind = WATCHPOST_MEASUREMENT;
};

[[nodiscard]] Meaning meaning_of(std::string_view name);
// For a name that is not in the table, by the grammar of danger.
[[nodiscard]] Meaning meaning_by_grammar(std::string_view name);

}  // namespace watchpost::senml

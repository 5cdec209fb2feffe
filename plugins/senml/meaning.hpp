// What the names of our own devices mean.
// Promise: a table; names not in it are measurements under their own name, but for those that the
// grammar of danger (plugins/danger) knows and whose value is a flag or a word. Pure.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "abi/watchpost_decoder.h"
#include "danger/values.hpp"

namespace watchpost::senml {

enum class Role {
  detector,   // true is an alarm of `kind`
  statement,  // a word may say of what it is: "state"
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
// Of a statement: what its word names, "smoke alarm"; a measurement where it names none.
[[nodiscard]] Meaning meaning_of_statement(const danger::NamedText& said);
// Names that are not in the table, by the grammar of danger. What it says of a name is remembered
// for up to 1024 names of up to 64 bytes: a device says the same ones each time.
class UnlistedNames {
 public:
  // Lives until the next call.
  [[nodiscard]] const Meaning& meaning_of(std::string_view name);

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>{}(text);
    }
  };
  std::unordered_map<std::string, Meaning, Hash, std::equal_to<>> known_;
  Meaning other_;
};

}  // namespace watchpost::senml

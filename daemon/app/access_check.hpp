// access_notes: what is probably not meant in password and ACL files that can be read.
// Promise: nothing that it says keeps the daemon from starting. Used by --check-config.
#pragma once

#include <vector>

#include "settings/config.hpp"
#include "settings/words.hpp"

namespace watchpost::app {

// Files that everybody may change, users of an ACL file that no password file knows, users that may
// do nothing, hashes that are quickly guessed. Files that cannot be read are left out: they are
// mistakes of their own.
[[nodiscard]] std::vector<settings::Words> access_notes(const settings::Config& config);

}  // namespace watchpost::app

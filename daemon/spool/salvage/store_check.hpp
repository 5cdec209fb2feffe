// store_check: what is wrong with a store, seen before SQLite touches it.
// Promise: what a newer watchpostd wrote is refused and stays as it is, to the byte, with its WAL;
// damage that SQLite would pass over in silence is found: acknowledged commits behind a break in
// the WAL, a WAL whose database is gone, files that are no files. The end of a WAL torn by a power
// cut is not damage: nothing in it was acknowledged, or else the witness knows. Called at start-up.
#pragma once

#include <string>

#include "base/result.hpp"
#include "spool/writer/store_directory.hpp"

namespace watchpost::spool {

struct StoreCheck {
  // Why the store must be salvaged, without the end of a sentence; empty: it looks sound.
  std::string damage;
  // The WAL ends in pages of a commit that SQLite does not read: torn by a power cut, unless the
  // witness says that it was acknowledged.
  bool has_torn_end = false;
};

[[nodiscard]] Result<StoreCheck> check_store(const StoreDirectory& directory);

}  // namespace watchpost::spool

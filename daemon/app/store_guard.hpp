// store_guard: refuses a second store that is opened by accident, and files of root in the
// service's store.
// Promise: refuses only what would lose something later: a second store gives events under the same
// gateway's id, and files of another user keep the service from opening its own store. Called by
// main before the daemon is made.
#pragma once

#include <sys/types.h>

#include <filesystem>

#include "base/result.hpp"

namespace watchpost::app {

struct StoreQuestion {
  std::filesystem::path directory;      // the folder that is to be opened
  bool is_default = false;              // true where nobody named the folder
  std::filesystem::path service_store;  // the store of the service on this box
  uid_t user = 0;                       // the user who opens it
  // The configuration is the service's and speaks to servers, but somebody named another store.
  bool is_beside_service = false;
};
// A file of the store that this process may not use: not read, or not lock. Empty where there is
// none.
[[nodiscard]] std::filesystem::path foreign_store_file(const std::filesystem::path& directory);
[[nodiscard]] Result<void> may_open_store(const StoreQuestion& question);

}  // namespace watchpost::app

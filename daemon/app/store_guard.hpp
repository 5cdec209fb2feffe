// store_guard: no second store by accident, and no file of root's in the service's store.
// Promise: what is refused here would have lost something later: a second store gives events under
// the same gateway's id, and files of root's keep the service from opening its own store. Called
// by main before the daemon is made.
#pragma once

#include <sys/types.h>

#include <filesystem>

#include "base/result.hpp"

namespace watchpost::app {

struct StoreQuestion {
  std::filesystem::path directory;      // that is to be opened
  bool is_default = false;              // nobody named it
  std::filesystem::path service_store;  // of the service on this box
  uid_t user = 0;                       // who asks
};
[[nodiscard]] Result<void> may_open_store(const StoreQuestion& question);

}  // namespace watchpost::app

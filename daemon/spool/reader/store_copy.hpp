// store_copy: a copy of a store, made beside a daemon at work.
// Promise: the copy is one moment of the store, complete and on the disk when this returns,
// readable by its owner only (mode 0600), and marked: the first start with it begins an epoch with
// the reason "restored". Nothing is overwritten; where it fails no file is left. Memory: a few
// pages. Any one thread.
#pragma once

#include <filesystem>

#include "base/result.hpp"

namespace watchpost::spool {

struct CopyFiles {
  std::filesystem::path database;  // of the store
  std::filesystem::path copy;      // must not exist
};
[[nodiscard]] Result<void> copy_store(const CopyFiles& files);

}  // namespace watchpost::spool

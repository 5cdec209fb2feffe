// StoreReplacement: a copy of a store takes the place of the store in a folder.
// Promise: holds the folder's lock, so no daemon has the store meanwhile. Until replace() succeeds
// or says that the next start finishes it, the store that was there is in use as it was; a crash at
// any moment leaves the one or the other, whole. Called by `watchpost restore`, main thread.
#pragma once

#include <filesystem>

#include "base/result.hpp"
#include "base/whole_file.hpp"
#include "spool/writer/store_directory.hpp"

namespace watchpost::spool {

class StoreReplacement {
 public:
  // Makes the folder where it is missing. Refused while a daemon has it.
  [[nodiscard]] static Result<StoreReplacement> begin(const std::filesystem::path& folder,
                                                      const Owner& owner);
  // `copy`, a file without a WAL, is copied beside the store and synced; where that fails nothing
  // of it stays.
  [[nodiscard]] Result<void> bring(const std::filesystem::path& copy) const;
  // Exchanges the two. Returns the folder, `aside` in the store's folder, in which the old files
  // are; empty where there was no store. Kind::unavailable: decided, the next start finishes it.
  [[nodiscard]] Result<std::filesystem::path> replace(const std::filesystem::path& aside) const;

 private:
  StoreReplacement(StoreDirectory directory, const Owner& owner)
      : directory_(std::move(directory)), owner_(owner) {}
  [[nodiscard]] std::filesystem::path folder() const {
    return directory_.database_file().parent_path();
  }
  StoreDirectory directory_;
  Owner owner_;
};

}  // namespace watchpost::spool

// StoreDirectory: the folder that is ours, locked against a second daemon.
// Promise: at most one writer; a damaged file is put aside under quarantine/, never deleted.
// Used at start-up and by the writer's thread when it reopens the store.
#pragma once

#include <filesystem>
#include <string>

#include "base/result.hpp"

namespace watchpost::spool {

class StoreDirectory {
 public:
  // Creates the folder (mode 0700) where it is missing and takes the lock.
  [[nodiscard]] static Result<StoreDirectory> open(const std::filesystem::path& directory);
  StoreDirectory(StoreDirectory&& other) noexcept;
  StoreDirectory& operator=(StoreDirectory&&) = delete;
  ~StoreDirectory();

  [[nodiscard]] std::filesystem::path database_file() const { return directory_ / "watchpost.db"; }
  [[nodiscard]] std::filesystem::path witness_file() const { return directory_ / "witness"; }
  // Moves the database with its WAL into a fresh folder below quarantine/ and returns that folder.
  [[nodiscard]] Result<std::filesystem::path> quarantine() const;

 private:
  StoreDirectory(std::filesystem::path directory, int lock)
      : directory_(std::move(directory)), lock_(lock) {}
  std::filesystem::path directory_;
  int lock_;  // file descriptor; -1 after a move
};

}  // namespace watchpost::spool

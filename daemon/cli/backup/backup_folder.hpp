// BackupFolder: a folder of backups of one or several boxes, each a folder of its own:
// watchpost-<gateway>-<time> with the store (watchpost.db) and the configuration (etc/).
// Promise: a backup has its name only when all of it is on the disk and was checked; what has no
// such name (*.part, of a run that was cut off) counts for nothing and goes with the next run. Only
// backups of the same gateway are rotated. Called by the commands, main thread.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "spool/verify/store_verifier.hpp"

namespace watchpost::cli {

struct BackupSource {
  std::string gateway;
  std::filesystem::path store;          // the folder of the store
  std::filesystem::path configuration;  // /etc/watchpost/watchpost.toml; its folder is copied
};
struct BackupDone {
  std::filesystem::path backup;
  spool::CheckReport report;
  std::vector<std::filesystem::path> removed;  // older ones
  std::vector<std::string> left_out;           // files of the configuration that cannot be read
};

class BackupFolder {
 public:
  explicit BackupFolder(std::filesystem::path path) : path_(std::move(path)) {}

  struct Wish {
    BackupSource source;
    WallTime now{};
    std::size_t keep = 1;  // the newest so many stay
  };
  [[nodiscard]] Result<BackupDone> make(const Wish& wish) const;
  // Of this gateway, the oldest first.
  [[nodiscard]] std::vector<std::filesystem::path> of(const std::string& gateway) const;

 private:
  std::filesystem::path path_;
};

// The name of the store in a backup, and of the folder with the configuration.
inline constexpr const char* kBackupStore = "watchpost.db";
inline constexpr const char* kBackupEtc = "etc";

}  // namespace watchpost::cli

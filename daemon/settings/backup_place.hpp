// Where backups go, beside what a backup copies.
// Promise: a backup never copies the folder of backups, and so itself. Used by the check of the
// configuration and by the command, main thread.
#pragma once

#include <filesystem>
#include <optional>

#include "base/result.hpp"

namespace watchpost::settings {

struct BackupPlace {
  std::filesystem::path folder;         // of backups; it need not exist
  std::filesystem::path store;          // the folder of the store
  std::filesystem::path configuration;  // the folder of the configuration
};
// Where the folder of backups is one of the other two or lies in it, also by a link.
[[nodiscard]] std::optional<Failure> backup_in_itself(const BackupPlace& place);

}  // namespace watchpost::settings

// watchpost backup: copies the store into one file, beside a daemon at work or from a stopped one;
// or store and configuration into a folder of backups, of which the newest stay.
// Promise: a copy that is reported is on the disk and was checked like `watchpost verify --store`.
// The exit code: 0 = copied and whole, 1 = copied, and something in the copy is damaged, 2 = not
// copied.
// Called once, from main, on the main thread.
#pragma once

#include <cstdint>
#include <string>

namespace watchpost::cli {

struct BackupOptions {
  std::string file;        // the file to be written; empty: into a folder of backups
  std::string folder;      // --to: that folder
  bool scheduled = false;  // --scheduled: as [backup] of the configuration says
  std::uint32_t keep = 0;  // --keep: how many stay; 0: all
  std::string config;      // --config: of --to and --scheduled
  std::string store;       // --store: a store folder; empty: the daemon at the socket has it
  std::string socket;      // --socket
  std::string language;    // --lang
};

[[nodiscard]] int run_backup(const BackupOptions& options);

}  // namespace watchpost::cli

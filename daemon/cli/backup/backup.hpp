// watchpost backup: a copy of the store in one file, beside a daemon at work or of a stopped one.
// Promise: what it says is copied is on the disk and was checked like `watchpost verify --store`.
// The exit code: 0 = copied and whole, 1 = copied, and something in it is damaged, 2 = not copied.
// Called once, from main, on the main thread.
#pragma once

#include <string>

namespace watchpost::cli {

struct BackupOptions {
  std::string file;    // to be written
  std::string store;   // --store: a store folder; empty: of the daemon at the socket
  std::string socket;  // --socket
};

[[nodiscard]] int run_backup(const BackupOptions& options);

}  // namespace watchpost::cli

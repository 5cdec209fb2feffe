// watchpost restore: a backup takes the place of the store and the configuration of this box.
// Promise: the backup is checked before anything is touched, and copied beside before anything is
// moved; what was there is moved aside, never removed, and named, or it is in its place as before.
// A store that a daemon holds is refused. The service is stopped before and started after. A
// restored store begins a new epoch, so no event gets a number that was given already. The exit
// code: 0 = restored, 1 = the backup is not whole, 2 = could not begin. Called once, from main, on
// the main thread.
#pragma once

#include <filesystem>
#include <string>

namespace watchpost::cli {

struct RestoreOptions {
  std::filesystem::path backup;
  std::filesystem::path config = "/etc/watchpost/watchpost.toml";
  std::string user = "watchpost";
  bool store_only = false;
  bool no_service = false;
  std::string language;
};

[[nodiscard]] int run_restore(const RestoreOptions& options);

}  // namespace watchpost::cli

// devices: the devices that the running daemon knows, as a list and as a table, and entered from
// one. Promise: a dry run changes nothing and says what would change; a table with a mistake enters
// nothing, since all of it is tried first; where the gateway has no room for more, what was refused
// is told. On the main thread.
#pragma once

#include <string>

#include "cli/duty/act.hpp"

namespace watchpost::cli {

struct ImportOptions {
  AskOptions ask;
  std::string file;
  std::string by;
  std::string from;
  bool dry_run = false;
};
[[nodiscard]] int show_devices(const AskOptions& options);
// One of them, with all that is known of its household.
[[nodiscard]] int show_device(const AskOptions& options, const std::string& id);
[[nodiscard]] int export_devices(const AskOptions& options);
[[nodiscard]] int import_devices(const ImportOptions& options);

}  // namespace watchpost::cli

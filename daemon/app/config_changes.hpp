// changes_in: what of a changed configuration is used at once, and what after a restart.
// Promise: each key that differs is in one of the two lists, by the table of keys; what is used at
// once is in `in_use`, and everything else there is as before. Pure.
#pragma once

#include <string>
#include <vector>

#include "settings/config.hpp"

namespace watchpost::app {

struct ConfigChanges {
  settings::Config in_use;
  std::vector<std::string> used;     // "log.level", "listener 1883: acl_file", "device"
  std::vector<std::string> waiting;  // "store.quota", "upstream street: url"
};
struct ConfigStep {
  const settings::Config& before;
  const settings::Config& wanted;
};
[[nodiscard]] ConfigChanges changes_in(const ConfigStep& step);

}  // namespace watchpost::app

// places: which Shelly speaks on a topic, of which generation, and of what.
// Promise: generation 1 publishes below shellies/<id>/, generation 2 and later below a prefix that
// is the device's own name or what its owner chose, shellies/<name> among them (shelly-api-docs,
// MQTT of both generations). Levels before either do not matter. Pure.
#pragma once

#include <optional>
#include <string_view>

namespace watchpost::shelly {

struct Place {
  bool first_generation = false;
  std::string_view device;
  std::string_view what;  // behind the device: "info", "status/smoke:0", "events/rpc"
};

[[nodiscard]] std::optional<Place> place_of(std::string_view topic);

}  // namespace watchpost::shelly

// places: who speaks on a topic of Tasmota, and of what.
// Promise: the level "tele" or "stat" may stand anywhere, as Tasmota's FullTopic puts it
// ("%prefix%/%topic%/", "%topic%/%prefix%/", "tasmota/%topic%/%prefix%/"; tasmota/docs MQTT.md);
// the last level says of what; all others together are the device. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace watchpost::tasmota {

struct Place {
  std::string device;
  std::string_view prefix;  // "tele" or "stat"
  std::string_view what;    // "SENSOR", "LWT"
};

[[nodiscard]] std::optional<Place> place_of(std::string_view topic);

}  // namespace watchpost::tasmota

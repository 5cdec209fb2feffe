// What a client may read at a listener for which nobody has written rules (decision 0041).
// Promise: everybody gets what is told to devices (commands, questions, the birth message and the
// discovery of Home Assistant) and what is its own: topics with its user name or client id as a
// level, and what it published itself. The states and readings of others it does not get. Pure; any
// thread.
#pragma once

#include <string_view>

#include "accounts/access_rules.hpp"

namespace watchpost::accounts {

// By the forms of Zigbee2MQTT (…/set, …/get, …/request/…), Tasmota (cmnd/…), Shelly (…/command/…,
// …/rpc but no …/events/rpc) and ESPHome (…/command), and homeassistant/….
[[nodiscard]] bool is_told_to_devices(std::string_view topic);
struct Sent {
  std::string_view topic;
  std::string_view publisher;  // client id; empty: not known
};
[[nodiscard]] bool device_may_get(const Actor& actor, const Sent& sent);
// A filter with wildcards is granted, and what may not be read does not come.
[[nodiscard]] bool device_may_subscribe(const Actor& actor, std::string_view filter);

}  // namespace watchpost::accounts

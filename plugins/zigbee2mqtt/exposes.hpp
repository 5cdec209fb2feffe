// exposes: one device of a bridge's list, from its definition (zigbee2mqtt.io, exposes).
// Promise: members that lie below a light, switch or the like are read like the others, those of a
// composite are not (a message holds them in an object of their own). Pure.
#pragma once

#include "sdk/json.hpp"
#include "zigbee2mqtt/bridge.hpp"

namespace watchpost::zigbee2mqtt {

// `entry`: an element of bridge/devices. Without a definition nothing but its name is known.
[[nodiscard]] BridgeDevice device_from(const sdk::json::object& entry);

}  // namespace watchpost::zigbee2mqtt

// What Zigbee2MQTT's keys mean as quantities.
// Promise: null stays null; a text that is a number is one; keys not in the table are left to the
// raw payload. Pure.
#pragma once

#include "sdk/json.hpp"
#include "sdk/observation.hpp"

namespace watchpost::zigbee2mqtt {

// Adds what every device may report beside its condition: battery, link, climate, position.
void add_readings(const sdk::json::object& state, sdk::Observation& observation);
// True where `state` holds a measured quantity, not only facts about the device.
[[nodiscard]] bool measures_something(const sdk::json::object& state);

}  // namespace watchpost::zigbee2mqtt

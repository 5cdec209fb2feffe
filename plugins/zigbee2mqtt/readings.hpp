// What Zigbee2MQTT's keys mean as quantities.
// Promise: null stays null; a text that is a number is one; keys that are neither in the table nor
// listed by the bridge with a unit we know are left to the raw payload. Pure.
#pragma once

#include "danger/findings.hpp"
#include "sdk/json.hpp"
#include "sdk/observation.hpp"

namespace watchpost::zigbee2mqtt {

// Adds what every device may report beside its condition: battery, link, climate, position. In the
// unit that the bridge lists, where it lists one.
void add_readings(const sdk::json::object& state, const danger::DeviceFacts* facts,
                  sdk::Observation& observation);
// Adds the numbers of a detector, and those numbers of `state` whose unit the bridge has told.
void add_measures(const danger::Findings& findings, const sdk::json::object& state,
                  const danger::DeviceFacts* facts, sdk::Observation& observation);
// True where `state` holds a measured quantity, not only facts about the device.
[[nodiscard]] bool measures_something(const sdk::json::object& state);

}  // namespace watchpost::zigbee2mqtt

// zigbee: what a Tasmota with a Zigbee radio (Zigbee2Tasmota) says of one of its devices in
// ZbReceived.
// Promise: the alarms of a zone count by its type or by the attribute that Tasmota names after it
// (Fire, Water, CO, PersonalAlarm, Panic; ZCL 07-5123, 8.2: zone types and bits of the zone
// status), also the second bit, and raw where Tasmota has no name for them ("0500!00",
// "0501!02"). A zone of unknown type that says alarm is an unnamed alarm. Pure.
#pragma once

#include "tasmota/sensors.hpp"

namespace watchpost::tasmota {

// `every_press`: the site says that the device is a button with which people call for help.
void read_zigbee(const sdk::json::object& device, bool every_press, Sensed& sensed);

}  // namespace watchpost::tasmota

// sensors: what stands in Tasmota's SENSOR message: an object for each driver, switches, units
// (tasmota/docs, Sensors; the names are those of JsonTemperature and its like in the firmware).
// Promise: what a driver calls a danger is read by the grammar of danger, with the name of the
// driver before it ("GAS": {"Alarm": 1}). A quantity that two drivers have is told of both, the
// second as temperature_2. Numbers whose unit the firmware does not fix are left alone. Pure.
#pragma once

#include <deque>

#include "danger/findings.hpp"
#include "sdk/observation.hpp"

namespace watchpost::tasmota {

struct Sensed {
  sdk::json::object state;  // what may speak of a danger, by name; outlives the observations
  danger::DeviceFacts facts;
  std::deque<sdk::Observation> observations;
  std::string unread;
};

void read_sensors(const sdk::json::object& message, Sensed& sensed);
// Adds what a Zigbee device or the radio of the box reports beside dangers: `object` is its own.
void add_quantities(const sdk::json::object& object, sdk::Observation& observation);

}  // namespace watchpost::tasmota

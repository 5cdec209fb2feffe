// classes: what the device classes of Home Assistant mean (home-assistant.io, integrations
// binary_sensor and sensor, "device class").
// Promise: a class that is not in the table says nothing. Constant; any thread.
#pragma once

#include <optional>
#include <string_view>

#include "danger/words.hpp"
#include "sdk/observation.hpp"

namespace watchpost::home_assistant {

// Of a binary sensor: smoke, gas, carbon_monoxide, moisture, heat; of "safety" Danger::none.
[[nodiscard]] std::optional<danger::Danger> danger_of_class(std::string_view device_class);
// A binary sensor whose class is none of a danger: door, motion, battery.
[[nodiscard]] bool is_plain_class(std::string_view device_class);
// Adds what a binary sensor of a plain class says. False where nothing is known of the class.
bool add_flag(std::string_view device_class, bool on, sdk::Observation& observation);

// A number of a sensor as a reading. `name`: where the class gives no quantity. False where its
// unit is not known.
struct Number {
  std::string_view device_class;
  std::string_view name;
  std::string_view unit;  // as written
  double value = 0;
};
bool add_number(const Number& number, sdk::Observation& observation);

}  // namespace watchpost::home_assistant

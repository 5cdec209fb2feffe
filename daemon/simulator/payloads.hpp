// The payloads of the simulated devices, byte for byte in the form their makers publish.
// Promise: a function of the device's state and the moment; a call changes nothing but the device,
// its random generator among it. Pure.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "simulator/village.hpp"
#include "simulator/weather.hpp"

namespace watchpost::simulator {

struct Moment {
  SimTime sim{};
  WallTime wall{};  // what the device's clock shows
  Weather weather;
};

// The ordinary message on device.topic, after the device's condition.
[[nodiscard]] std::string report(Device& device, const Moment& moment);
// The end of a condition that has a message of its own (VS373); else as report().
[[nodiscard]] std::string all_clear(Device& device, const Moment& moment);
// A button's press on device.topic.
[[nodiscard]] std::string press(Device& device, const Moment& moment);
// What Zigbee2MQTT publishes beside the press: the state without action.
[[nodiscard]] std::string press_over(Device& device);
// A volunteer holds this tag to the reader.
[[nodiscard]] std::string scan(Device& reader, std::string_view tag, const Moment& moment);

// The families' own, used by the above.
[[nodiscard]] std::string zigbee_report(Device& device, const Moment& moment);
[[nodiscard]] std::string lora_report(Device& device, const Moment& moment);
[[nodiscard]] std::string lora_event(Device& device, const Moment& moment, std::string_view bytes);
[[nodiscard]] std::string vs373_cleared(Device& device);
[[nodiscard]] std::string ws101_press(const Device& device);
[[nodiscard]] std::string shelly_report(Device& device, const Moment& moment);
[[nodiscard]] std::string senml_report(Device& device, const Moment& moment);

// Distance from a gauge's head down to the water, mm.
[[nodiscard]] int distance_mm(Device& device, const Weather& weather);
// As JSON spells it.
[[nodiscard]] inline std::string_view json_of(bool value) {
  return value ? "true" : "false";
}
[[nodiscard]] inline int whole(double value) {
  return static_cast<int>(value < 0 ? value - 0.5 : value + 0.5);
}

}  // namespace watchpost::simulator

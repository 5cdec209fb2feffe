// The payloads of the simulated devices, byte for byte in the form their makers publish.
// Promise: a function of the device's state and the scene; a call changes nothing but the device,
// which includes its random generator. Pure.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "simulator/village.hpp"
#include "simulator/weather.hpp"

namespace watchpost::simulator {

// What a device finds around it when it speaks.
struct Scene {
  SimTime sim{};
  WallTime wall{};  // the time that the device's clock shows
  Weather weather;
};

// The ordinary message on device.topic; it shows the device's condition.
[[nodiscard]] std::string report(Device& device, const Scene& scene);
// The message that ends a condition, where the family has one (VS373); otherwise as report().
[[nodiscard]] std::string all_clear(Device& device, const Scene& scene);
// The message of a button's press, on device.topic.
[[nodiscard]] std::string press(Device& device, const Scene& scene);
// The second message that Zigbee2MQTT publishes for a press: the state without action.
[[nodiscard]] std::string press_over(Device& device);
// The message of a reader to which a volunteer holds `tag`.
[[nodiscard]] std::string scan(Device& reader, std::string_view tag, const Scene& scene);

// Payloads by family, used by the functions above.
[[nodiscard]] std::string zigbee_report(Device& device, const Scene& scene);
[[nodiscard]] std::string lora_report(Device& device, const Scene& scene);
[[nodiscard]] std::string lora_event(Device& device, const Scene& scene, std::string_view bytes);
[[nodiscard]] std::string vs373_cleared(Device& device);
[[nodiscard]] std::string ws101_press(const Device& device);
[[nodiscard]] std::string shelly_report(Device& device, const Scene& scene);
[[nodiscard]] std::string senml_report(Device& device, const Scene& scene);

// Distance from a gauge's head down to the water, in mm.
[[nodiscard]] int distance_mm(Device& device, const Weather& weather);
// true or false, as JSON spells it.
[[nodiscard]] inline std::string_view json_of(bool value) {
  return value ? "true" : "false";
}
[[nodiscard]] inline int whole(double value) {
  return static_cast<int>(value < 0 ? value - 0.5 : value + 0.5);
}

}  // namespace watchpost::simulator

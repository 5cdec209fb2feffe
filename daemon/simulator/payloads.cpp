#include "simulator/payloads.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace watchpost::simulator {
namespace {

using enum Family;

// Writes an identifier as "74-10-37-94".
std::string dashed(std::string_view uid) {
  std::string out;
  for (std::size_t i = 0; i < uid.size(); i += 2) {
    if (i > 0) out.push_back('-');
    out.append(uid.substr(i, 2));
  }
  return out;
}

// Tasmota writes the time in its own zone and does not name the zone.
std::string local_time(WallTime wall) {
  return to_rfc3339(wall + std::chrono::hours(8)).substr(0, 19);
}

}  // namespace

int distance_mm(Device& device, const Weather& weather) {
  const double dry = 1'200 + 1'600 * device.phase;
  const double water = dry * 0.7 * weather.rise + 40 * weather.wave;
  return std::max(280, whole(dry - water + device.random.in({-4, 4})));
}

std::string report(Device& device, const Scene& scene) {
  // Reports every ten minutes empty half a battery in a year.
  device.battery = std::max(5.0, device.battery - 0.001);
  switch (facts_of(device.family).via) {
    case Via::zigbee_bridge:
      return zigbee_report(device, scene);
    case Via::lora_server:
      return lora_report(device, scene);
    case Via::itself:
      break;
  }
  const bool shelly = device.family == shelly_smoke || device.family == shelly_flood;
  return shelly ? shelly_report(device, scene) : senml_report(device, scene);
}

std::string all_clear(Device& device, const Scene& scene) {
  if (device.family != vs373) return report(device, scene);
  const std::string bytes = vs373_cleared(device);
  return lora_event(device, scene, bytes);
}

std::string press(Device& device, const Scene& scene) {
  if (device.family == ws101) return lora_event(device, scene, ws101_press(device));
  return fmt::format(R"({{"action":"emergency","battery":{},"linkquality":{}}})",
                     whole(device.battery), 60 + device.random.below(120));
}

std::string press_over(Device& device) {
  return fmt::format(R"({{"action":"","battery":{},"linkquality":{}}})", whole(device.battery),
                     60 + device.random.below(120));
}

std::string scan(Device& reader, std::string_view tag, const Scene& scene) {
  switch (reader.family) {
    case tasmota_rc522:
      return fmt::format(R"({{"Time":"{}","RC522":{{"UID":"{}","Data":"","Type":"MIFARE 1KB"}}}})",
                         local_time(scene.wall), tag);
    case tasmota_pn532:
      return fmt::format(R"({{"Time":"{}","PN532":{{"UID":"{}", "DATA":""}}}})",
                         local_time(scene.wall), tag);
    case esphome_tag:
      return dashed(tag);
    default:
      return std::string(tag);
  }
}

}  // namespace watchpost::simulator

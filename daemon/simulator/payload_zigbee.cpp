// Zigbee2MQTT: one JSON state for each device, as its pages under devices/ and its issues show it.
#include <fmt/format.h>

#include "simulator/payloads.hpp"

namespace watchpost::simulator {
namespace {

using enum Family;

std::string smoke(Device& device, const Scene& scene) {
  const bool alarm = device.condition == Condition::alarm;
  return fmt::format(
      R"({{"battery":{},"battery_low":{},"last_seen":"{}","linkquality":{},"smoke":{},)"
      R"("smoke_density":{},"tamper":{},"voltage":{}}})",
      whole(device.battery), json_of(device.battery < 20), to_rfc3339(scene.wall),
      40 + device.random.below(140), json_of(alarm),
      alarm ? 30 + device.random.below(60) : device.random.below(3),
      json_of(device.condition == Condition::tamper), 2'700 + whole(device.battery * 4));
}

std::string gas(Device& device, const Scene& scene) {
  return fmt::format(
      R"({{"battery_low":false,"gas":{},"last_seen":"{}","linkquality":{},"tamper":{}}})",
      json_of(device.condition == Condition::alarm), to_rfc3339(scene.wall),
      40 + device.random.below(140), json_of(device.condition == Condition::tamper));
}

std::string leak(Device& device, const Scene& scene) {
  const int temperature = whole(scene.weather.temperature + 3 + device.random.in({-1, 1}));
  return fmt::format(
      R"({{"battery":{},"battery_low":{},"device_temperature":{},"last_seen":"{}",)"
      R"("linkquality":{},"tamper":{},"voltage":{},"water_leak":{}}})",
      whole(device.battery), json_of(device.battery < 20), temperature, to_rfc3339(scene.wall),
      40 + device.random.below(140), json_of(device.condition == Condition::tamper),
      2'700 + whole(device.battery * 4), json_of(device.condition == Condition::alarm));
}

std::string_view tuya_fall(Condition condition) {
  if (condition == Condition::suspected) return "maybe_fall";
  return condition == Condition::alarm ? "fall" : "none";
}

std::string_view heiman_fall(Condition condition) {
  if (condition == Condition::suspected) return "fall_warning";
  return condition == Condition::alarm ? "fall_alarm" : "normal";
}

std::string tuya_radar(Device& device, const Scene& scene) {
  const bool somebody =
      device.condition != Condition::normal || device.random.chance(activity_at(scene.sim));
  return fmt::format(
      R"({{"fall_down_status":"{}","illuminance":{},"last_seen":"{}","linkquality":{},)"
      R"("motion_direction":"standing_still","motion_speed":{},"occupancy":{},"presence":{},)"
      R"("radar_scene":"bedroom","tumble_alarm_time":1,"tumble_switch":"ON"}})",
      tuya_fall(device.condition), somebody ? 40 + device.random.below(200) : 2,
      to_rfc3339(scene.wall), 60 + device.random.below(120),
      device.condition == Condition::normal && somebody ? device.random.below(4) : 0,
      json_of(somebody), json_of(somebody));
}

std::string heiman_radar(Device& device, const Scene& scene) {
  const bool somebody =
      device.condition != Condition::normal || device.random.chance(activity_at(scene.sim));
  return fmt::format(
      R"({{"enable_indicator":1,"fall_status":"{}","installation_method":0,"last_seen":"{}",)"
      R"("linkquality":{},"occupancy":{},"sensitivity":1,"sensor_status":"{}"}})",
      heiman_fall(device.condition), to_rfc3339(scene.wall), 60 + device.random.below(190),
      json_of(somebody), somebody ? "activity" : "unoccupied");
}

}  // namespace

std::string zigbee_report(Device& device, const Scene& scene) {
  switch (device.family) {
    case z2m_smoke:
      return smoke(device, scene);
    case z2m_gas:
      return gas(device, scene);
    case z2m_leak:
      return leak(device, scene);
    case z2m_fall_tuya:
      return tuya_radar(device, scene);
    case z2m_fall_heiman:
      return heiman_radar(device, scene);
    default:
      // A button at rest reports only that it is alive.
      return fmt::format(R"({{"action":null,"battery":{},"last_seen":"{}","linkquality":{}}})",
                         whole(device.battery), to_rfc3339(scene.wall),
                         10 + device.random.below(120));
  }
}

}  // namespace watchpost::simulator

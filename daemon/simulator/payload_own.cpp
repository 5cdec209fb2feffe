// Devices with a connection of their own: Shelly (generation 1 and 2) and SenML devices of ours.
#include <fmt/format.h>

#include <algorithm>

#include "simulator/payloads.hpp"

namespace watchpost::simulator {
namespace {

using enum Family;

double epoch_seconds(WallTime wall) {
  return std::chrono::duration<double>(wall.time_since_epoch()).count();
}

// Shelly generation 2 publishes NotifyFullStatus when it wakes.
std::string plus_smoke(Device& device, const Scene& scene) {
  const double now = epoch_seconds(scene.wall);
  return fmt::format(
      R"({{"src":"{0}","dst":"{0}/events","method":"NotifyFullStatus","params":{{"ts":{1:.2f},)"
      R"("ble":{{}},"cloud":{{"connected":false}},"devicepower:0":{{"id":0,"battery":)"
      R"({{"V":{2:.2f},"percent":{3}}}}},"mqtt":{{"connected":true}},)"
      R"("smoke:0":{{"id":0,"alarm":{4},"mute":false}},"sys":{{"unixtime":{5:.0f},"uptime":)"
      R"({6},)"
      R"("wakeup_period":86400}},"wifi":{{"status":"got ip","rssi":{7}}}}}}})",
      device.id, now, 2.4 + device.battery / 150, whole(device.battery),
      json_of(device.condition == Condition::alarm), now, 1 + device.random.below(20),
      -80 + static_cast<int>(device.random.below(50)));
}

// Shelly generation 1 publishes one flat status.
std::string flood(Device& device, const Scene& scene) {
  const double celsius = scene.weather.temperature + 4 + device.random.in({-0.5, 0.5});
  return fmt::format(
      R"({{"wifi_sta":{{"connected":true,"rssi":{}}},"cloud":{{"enabled":false,"connected":)"
      R"(false}},"mqtt":{{"connected":true}},"time":"","unixtime":{:.0f},"serial":{},)"
      R"("has_update":false,)"
      R"("is_valid":true,"flood":{},"tmp":{{"value":{:.2f},"units":"C","tC":{:.2f},"is_valid":)"
      R"(true}},"bat":{{"value":{},"voltage":{:.2f}}},"act_reasons":["{}"],"rain_sensor":false,)"
      R"("sensor_error":0,"uptime":{}}})",
      -80 + static_cast<int>(device.random.below(50)), epoch_seconds(scene.wall), ++device.counter,
      json_of(device.condition == Condition::alarm), celsius, celsius, whole(device.battery),
      2.4 + device.battery / 150, device.condition == Condition::alarm ? "alarm" : "periodic",
      1 + device.random.below(20));
}

// SenML (RFC 8428): base fields in the first record, then one record for each quantity.
std::string pack(Device& device, const Scene& scene, std::string_view quantity) {
  return fmt::format(R"([{{"bn":"urn:dev:watchpost:{}:","bt":{:.3f},{}}},)"
                     R"({{"n":"battery","u":"%EL","v":{:.1f}}},)"
                     R"({{"n":"rssi","u":"dBm","v":{}}}])",
                     device.id, epoch_seconds(scene.wall), quantity, device.battery,
                     -85 + static_cast<int>(device.random.below(50)));
}

std::string level(double metres) {
  return fmt::format(R"("n":"water_level","u":"m","v":{:.3f})", metres);
}

std::string flag(std::string_view name, bool value) {
  return fmt::format(R"("n":"{}","vb":{})", name, json_of(value));
}

}  // namespace

std::string shelly_report(Device& device, const Scene& scene) {
  return device.family == shelly_smoke ? plus_smoke(device, scene) : flood(device, scene);
}

std::string senml_report(Device& device, const Scene& scene) {
  const Weather& weather = scene.weather;
  const double noise = device.random.in({-0.004, 0.004});
  switch (device.family) {
    case senml_river:
      return pack(device, scene,
                  level(2.1 + device.phase + 0.22 * weather.wave + 1.4 * weather.rise + noise));
    case senml_pond:
      return pack(device, scene, level(1.2 + 0.4 * device.phase + 0.5 * weather.rise + noise));
    case senml_underpass:
      return pack(device, scene, level(std::max(0.0, 0.5 * weather.rise - 0.08 + noise)));
    case senml_rain:
      return pack(device, scene,
                  fmt::format(R"("n":"rain","u":"mm","v":{:.1f})", weather.rain_total));
    case senml_smoke:
      return pack(device, scene, flag("smoke", device.condition == Condition::alarm));
    default:
      return pack(device, scene, flag("fall", device.condition == Condition::alarm));
  }
}

}  // namespace watchpost::simulator

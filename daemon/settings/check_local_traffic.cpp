#include "settings/check_local_traffic.hpp"

#include <optional>
#include <string>

#include "model/event_topics.hpp"
#include "settings/values.hpp"

namespace watchpost::settings {
namespace {

// On such topics families of sensors report; none of them is a command or a list.
constexpr std::string_view kReports[] = {
    "wp/in/fire/kitchen",
    "zigbee2mqtt/kitchen",
    "zigbee2mqtt/kitchen/availability",
    "zigbee2mqtt/bridge/state",
    "application/7/device/24e124713b493814/event/up",
    "v3/village@ttn/devices/kitchen/up",
    "shellies/shellysmoke-9d3e5b/sensor/smoke",
    "shellyplussmoke-b0a73248/events/rpc",
    "shellyplussmoke-b0a73248/status/smoke:0",
    "tele/kitchen/SENSOR",
    "stat/kitchen/RESULT",
    "kitchen/tele/SENSOR",
    "village/kitchen/tag_scanned",
    "watchpost/village/patrol/gate/scan",
    "gb26875/320102000001",
    "sl651/0012345678",
    "gst9000/hall",
    "rtl_433/gateway/events",
    "home/gateway/433toMQTT",
    "zwave/kitchen/113/0/Home_Security/Motion_sensor_status",
    "homeassistant/binary_sensor/kitchen/state",
    "kitchen/binary_sensor/smoke/state",
    "GIOT-GW/UL/1C497BFA3280",
};

// What another gateway sends to one that relays.
std::string relayed_report() {
  const EventTopics topics(TopicTemplate(), {"320102015001", "village-a"});
  return topics.event({EventClass::alarm, Domain::fire, "kitchen"});
}

std::optional<std::string> report_taken_by(const TopicFilter& filter) {
  for (const std::string_view topic : kReports) {
    if (filter.matches(topic)) return std::string(topic);
  }
  auto relayed = relayed_report();
  if (filter.matches(relayed)) return relayed;
  return std::nullopt;
}

void look_at(const std::vector<TopicFilter>& filters, std::string_view key,
             std::vector<KeyMistake>& mistakes) {
  for (const TopicFilter& filter : filters) {
    const auto hidden = report_taken_by(filter);
    if (!hidden) continue;
    mistakes.push_back(
        {key,
         key == "commands"
             ? say("{} also takes reports of sensors, such as {}: their alarms would not be seen",
                   "{} 也包括传感器的报告，例如 {}：它们的报警会被忽略", toml_quoted(filter.text()),
                   *hidden)
             : say("{} also takes reports of sensors, such as {}: their readings would not go "
                   "upstream",
                   "{} 也包括传感器的报告，例如 {}：它们的读数不会上传", toml_quoted(filter.text()),
                   *hidden),
         say("Name fewer topics, such as [\"siren/+/order\"]",
             "请缩小主题范围，例如 [\"siren/+/order\"]")});
  }
}

}  // namespace

std::vector<KeyMistake> check_local_traffic(const LocalTrafficConfig& local) {
  std::vector<KeyMistake> mistakes;
  look_at(local.commands, "commands", mistakes);
  look_at(local.lists, "lists", mistakes);
  return mistakes;
}

}  // namespace watchpost::settings

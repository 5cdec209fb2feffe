#include "shelly/status.hpp"

namespace watchpost::shelly {
namespace {

void read_detector(const sdk::json::object& component, watchpost_kind kind,
                   std::string_view quantity, sdk::Observation& observation) {
  const auto alarm = sdk::boolean_at(component, "alarm");
  // A NotifyStatus may carry the mute alone: that says nothing about the alarm.
  const bool declares = component.contains("alarm");
  observation.kind(kind).state(declares ? alarm_state(alarm) : WATCHPOST_UNKNOWN);
  if (declares) observation.boolean({quantity}, alarm);
  if (component.contains("mute")) {
    observation.boolean({"muted"}, sdk::boolean_at(component, "mute"));
  }
}

void read_power(const sdk::json::object& component, sdk::Observation& observation) {
  const auto* battery = sdk::object_at(component, "battery");
  if (battery == nullptr) return;
  observation.number({"battery", "%EL"}, sdk::number_at(*battery, "percent"));
  observation.number({"battery_voltage", "V"}, sdk::number_at(*battery, "V"));
}

}  // namespace

bool read_component(std::string_view name, const sdk::json::object& component,
                    sdk::Observation& observation) {
  const auto type = name.substr(0, name.find(':'));
  if (type == "smoke") {
    read_detector(component, WATCHPOST_SMOKE, "smoke", observation);
  } else if (type == "flood") {
    read_detector(component, WATCHPOST_WATER_LEAK, "water_leak", observation);
  } else if (type == "devicepower") {
    read_power(component, observation);
  } else if (type == "temperature" && component.contains("tC")) {
    observation.number({"temperature", "Cel"}, sdk::number_at(component, "tC"));
  } else if (type == "humidity" && component.contains("rh")) {
    observation.number({"humidity", "%RH"}, sdk::number_at(component, "rh"));
  } else if (type == "wifi" && component.contains("rssi")) {
    observation.number({"rssi", "dBm"}, sdk::number_at(component, "rssi"));
  } else {
    return false;
  }
  return true;
}

bool read_components(const sdk::json::object& components, sdk::Observation& observation) {
  observation.kind(WATCHPOST_DEVICE_STATUS).state(WATCHPOST_INFO);
  bool known = false;
  for (const auto& member : components) {
    const auto* component = member.value().if_object();
    if (component == nullptr) continue;
    const std::string_view name = member.key();
    // Two probes of one kind would give one quantity twice; the first is the device's own.
    const auto colon = name.find(':');
    if (colon != std::string_view::npos && name.substr(colon) != ":0") continue;
    if (read_component(name, *component, observation)) known = true;
  }
  const bool measures = observation.has("temperature") || observation.has("humidity");
  if (observation.kind() == WATCHPOST_DEVICE_STATUS && measures) {
    observation.kind(WATCHPOST_MEASUREMENT);
  }
  return known && !observation.empty();
}

}  // namespace watchpost::shelly

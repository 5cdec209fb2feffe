#include "tasmota/zigbee.hpp"

#include <algorithm>
#include <array>

#include "base/encoding.hpp"
#include "danger/conditions.hpp"

namespace watchpost::tasmota {
namespace {

namespace json = sdk::json;
using danger::Danger;

// Tasmota's names of the attributes of a zone (tasmota_xdrv_driver/xdrv_23_zigbee_5_1_attributes)
// and the types that they stand for.
struct Zone {
  std::string_view attribute;
  unsigned type;
  std::string_view name;  // under which the grammar reads it; empty: no danger
};
constexpr std::array kZones{
    Zone{"Fire", 0x0028, "fire_alarm"},    Zone{"Water", 0x002A, "water_leak"},
    Zone{"CO", 0x002B, "carbon_monoxide"}, Zone{"PersonalAlarm", 0x002C, "sos"},
    Zone{"Panic", 0x010F, "panic"},        Zone{"Panic", 0x0115, "panic"},
    Zone{"Contact", 0x0015, ""},           Zone{"Occupancy", 0x000D, ""},
    Zone{"Movement", 0x002D, ""},          Zone{"GlassBreak", 0x0226, ""},
};
// Commands of IAS ACE, from a keypad or an emergency button, that Tasmota prints as they came.
struct ZoneCommand {
  std::string_view key;
  std::string_view name;
};
constexpr std::array kCommands{ZoneCommand{"0501!02", "emergency_call"},
                               ZoneCommand{"0501!03", "manual_call"},
                               ZoneCommand{"0501!04", "panic"}};
constexpr unsigned kAlarms = 0x0003;
constexpr unsigned kTamper = 0x0004;
constexpr unsigned kBattery = 0x0008;
constexpr unsigned kTrouble = 0x0040;
constexpr unsigned kMains = 0x0080;
constexpr unsigned kTest = 0x0100;

// Numbers that are written as numbers or as hexadecimal text ("0x0021").
std::optional<unsigned> word_of(const json::object& device, std::string_view key) {
  const auto* value = sdk::member(device, key);
  if (value == nullptr) return std::nullopt;
  if (value->is_string() && value->get_string().starts_with("0x")) {
    const auto digits = std::string_view(value->get_string()).substr(2);
    const auto bytes = from_hex(std::string(digits.size() % 2, '0') + std::string(digits));
    if (!bytes || bytes->size() > 2) return std::nullopt;
    unsigned word = 0;
    for (const char byte : *bytes) word = word << 8 | static_cast<unsigned char>(byte);
    return word;
  }
  const auto number = sdk::number_of(*value);
  if (!number || *number < 0 || *number > 0xFFFF) return std::nullopt;
  return static_cast<unsigned>(*number);
}

std::optional<unsigned> zone_status(const json::object& device) {
  if (const auto change = word_of(device, "ZoneStatusChange")) return change;
  if (const auto status = word_of(device, "ZoneStatus")) return status;
  // The notification as it came: status (little endian), extended status, zone, delay.
  const auto raw = from_hex(sdk::text_or_empty(device, "0500!00"));
  if (!raw || raw->size() < 2) return std::nullopt;
  return static_cast<unsigned char>((*raw)[0]) | static_cast<unsigned char>((*raw)[1]) << 8;
}

class ZigbeeDevice {
 public:
  ZigbeeDevice(const json::object& device, Sensed& sensed) : device_(device), sensed_(sensed) {}

  void collect() {
    for (const auto& [name, value] : device_) take(name, value);
    for (const ZoneCommand& command : kCommands) {
      if (device_.contains(command.key)) sensed_.state[command.name] = "alarm";
    }
    status_ = zone_status(device_);
    if (status_) add_zone(*status_);
    if (status_ && (*status_ & kTest) != 0) sensed_.state["test"] = true;
  }
  void add_to(sdk::Observation& observation) const {
    if (const auto* value = sdk::member(device_, "Temperature")) {
      observation.number({"temperature", "Cel"}, sdk::number_of(*value));
    }
    if (const auto* value = sdk::member(device_, "Pressure")) {
      observation.number({"pressure", "hPa"}, sdk::number_of(*value));
    }
    add_quantities(device_, observation);
    if (const auto contact = sdk::number_at(device_, "Contact")) {
      observation.boolean({"contact"}, *contact == 0);
    }
    if (const auto occupancy = sdk::number_at(device_, "Occupancy")) {
      observation.boolean({"presence"}, *occupancy != 0);
    }
    if (!status_) return;
    observation.boolean({"tamper"}, (*status_ & kTamper) != 0);
    observation.boolean({"low_battery"}, (*status_ & kBattery) != 0);
    if ((*status_ & kTrouble) != 0) observation.boolean({"fault"}, true);
    if ((*status_ & kMains) != 0) observation.boolean({"external_power"}, false);
  }

 private:
  // All that has a name which says something; what a zone says comes from add_zone().
  void take(std::string_view name, const json::value& value) {
    if (value.is_object() || value.is_array() || name.find('!') != std::string_view::npos) return;
    constexpr std::size_t kMost = 64;
    if (sensed_.state.size() >= kMost || name.starts_with("Zone")) return;
    const auto zone = std::find_if(kZones.begin(), kZones.end(),
                                   [&](const Zone& each) { return each.attribute == name; });
    if (zone == kZones.end()) {
      sensed_.state.emplace(name, value);
    } else if (!zone->name.empty()) {
      sensed_.state.emplace(zone->name, said(value));
    }
  }
  static json::value said(const json::value& value) {
    const auto number = sdk::number_of(value);
    if (!number) return value;
    return *number != 0;
  }
  void add_zone(unsigned status) {
    const bool alarm = (status & kAlarms) != 0;
    const auto type = word_of(device_, "ZoneType");
    bool known = false;
    for (const Zone& zone : kZones) {
      const bool is_it = type ? *type == zone.type : device_.contains(zone.attribute);
      if (!is_it) continue;
      known = true;
      if (!zone.name.empty() && (alarm || !sensed_.state.contains(zone.name))) {
        sensed_.state[zone.name] = alarm;
      }
    }
    if (!known) sensed_.state["alarm_1"] = alarm;
  }

  const json::object& device_;
  Sensed& sensed_;
  std::optional<unsigned> status_;
};

// A command of a remote: any key of a cluster's command, or the state that it sets.
bool is_press(const json::object& device) {
  return std::any_of(device.begin(), device.end(), [](const auto& member) {
    const std::string_view key = member.key();
    return key == "Power" || (key.find('!') != std::string_view::npos && !key.starts_with("0500"));
  });
}

}  // namespace

void read_zigbee(const json::object& device, bool every_press, Sensed& sensed) {
  ZigbeeDevice reader(device, sensed);
  reader.collect();
  const auto findings = danger::findings_in(sensed.state, nullptr);
  sensed.observations = danger::conditions_of(findings, sensed.state);
  sensed.unread = findings.unread;
  const bool called =
      std::any_of(sensed.observations.begin(), sensed.observations.end(), [](const auto& each) {
        return each.kind() == WATCHPOST_SOS && each.state() == WATCHPOST_ALARM;
      });
  if (every_press && !called && is_press(device)) {
    sensed.observations.push_front(danger::call_for_help("press"));
  }
  const bool plain = sensed.observations.empty();
  if (plain) sensed.observations.emplace_back(WATCHPOST_DEVICE_STATUS, WATCHPOST_INFO);
  sdk::Observation& first = sensed.observations.front();
  reader.add_to(first);
  for (const auto& measure : findings.measures) {
    if (!first.has(measure.name)) first.number({measure.name, measure.unit}, measure.number);
  }
  if (!plain) return;
  if (first.has("presence")) {
    first.kind(WATCHPOST_PRESENCE);
  } else if (first.has("temperature") || first.has("humidity") || first.has("illuminance")) {
    first.kind(WATCHPOST_MEASUREMENT);
  }
}

}  // namespace watchpost::tasmota

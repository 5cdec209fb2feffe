#include "danger/platform_forms.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "danger/member_parts.hpp"
#include "danger/names.hpp"
#include "danger/phrase.hpp"
#include "sdk/text.hpp"

namespace watchpost::danger {
namespace {

namespace json = sdk::json;

constexpr std::size_t kShortestKey = 5;      // more than "name"
constexpr std::size_t kMostOfAttribute = 3;  // type, value, metadata
constexpr std::array<std::string_view, 9> kTypesOfNgsi{
    "Text", "Number", "Boolean", "Property", "Integer", "Float", "DateTime", "String", "URL"};

bool names_danger_plainly(std::string_view text) {
  const auto meaning = meaning_of_name(text);
  return meaning.role == Role::danger && !meaning.weak;
}

bool is_attribute_of_ngsi(const json::value& value) {
  const auto* object = value.if_object();
  if (object == nullptr || object->size() > kMostOfAttribute) return false;
  const auto type = sdk::text_at(*object, "type");
  return type && is_one_of(*type, kTypesOfNgsi) && object->contains("value");
}

// ZCL 8.2.2: the first two bits of the state of a zone are its alarms. As a number, in figures, or
// by the names of the bits: "IasZoneStatus.Alarm_1|Battery".
std::optional<bool> zone_alarm(const json::value& value) {
  constexpr double kLargest = 0xFFFF;
  constexpr unsigned kAlarms = 3;
  if (const auto number = value.is_bool() ? std::nullopt : sdk::number_of(value)) {
    if (*number < 0 || *number > kLargest) return std::nullopt;
    return (static_cast<unsigned>(*number) & kAlarms) != 0;
  }
  const auto* text = value.if_string();
  if (text == nullptr) return std::nullopt;
  const Phrase phrase(*text);
  if (phrase.has("alarm") || phrase.has("alarm1") || phrase.has("alarm2")) return true;
  return std::nullopt;
}

const json::value* state_of_zone(const json::object& object) {
  for (const auto key : {"zone_status", "zoneStatus", "zonestatus"}) {
    if (const auto* value = sdk::member(object, key)) return value;
    for (const auto below : {"args", "data"}) {
      const auto* inside = sdk::object_at(object, below);
      const auto* value = inside == nullptr ? nullptr : sdk::member(*inside, key);
      if (value != nullptr) return value;
    }
  }
  return nullptr;
}

// IAS ACE, the cluster of keypads: what a person asks for with one press.
bool calls_from_keypad(const json::object& object) {
  constexpr double kAce = 0x0501;
  constexpr std::array<std::string_view, 3> kCalls{"panic", "emergency", "fire"};
  const auto cluster = sdk::number_at(object, "cluster_id");
  const auto command = sdk::text_at(object, "command");
  return cluster == kAce && command && is_one_of(*command, kCalls);
}

}  // namespace

bool may_be_of_platform(std::string_view key, const json::value& value) {
  constexpr std::array<std::string_view, 5> kKeys{"zone_type", "zoneType", "cluster_id", "payload",
                                                  "alarmModelName"};
  const bool is_named = value.is_string() && key.size() > kShortestKey &&
                        (key.ends_with("ame") || key.ends_with("abel") || key.ends_with("desc"));
  return is_named || is_one_of(key, kKeys) || is_attribute_of_ngsi(value);
}

bool take_out_of_ngsi(json::object& object) {
  bool found = false;
  for (auto& member : object) {
    if (!is_attribute_of_ngsi(member.value())) continue;
    json::value taken = member.value().get_object().at("value");
    member.value() = std::move(taken);
    found = true;
  }
  return found;
}

bool name_zigbee_zone(json::object& object) {
  if (calls_from_keypad(object)) {
    const std::string call(*sdk::text_at(object, "command"));
    object["event"] = call + " alarm";
    return true;
  }
  auto type = sdk::text_at(object, "zone_type");
  if (!type) type = sdk::text_at(object, "zoneType");
  const auto* status = type ? state_of_zone(object) : nullptr;
  const auto spoken = type ? danger_in(*type) : std::nullopt;
  const auto alarms = status == nullptr ? std::nullopt : zone_alarm(*status);
  if (!spoken || !alarms) return false;
  object[subject_of(spoken->danger).quantity] = *alarms;
  return true;
}

// {"type":5,"payload":{"status":"calling"}}: Vayyar Care calls for help after a fall.
bool name_radar_state(json::object& object) {
  constexpr double kFallEvent = 5;
  const auto type = sdk::number_at(object, "type");
  const auto* payload = type == kFallEvent ? sdk::object_at(object, "payload") : nullptr;
  if (payload == nullptr || sdk::text_or_empty(*payload, "status") != "calling") return false;
  object["event"] = "fall detected";
  return true;
}

bool name_by_sibling(json::object& object) {
  constexpr std::array<std::string_view, 6> kNames{"_name", "Name",  "_label",
                                                   "Label", "_desc", "_title"};
  constexpr std::array<std::string_view, 4> kValues{"", "_value", "_state", "_status"};
  json::object named;
  for (const auto& member : object) {
    const auto* text = member.value().if_string();
    const std::string_view key = member.key();
    if (text == nullptr || !names_danger_plainly(*text)) continue;
    for (const auto name : kNames) {
      if (!key.ends_with(name)) continue;
      for (const auto value : kValues) {
        const auto* said = object.if_contains(std::string(key.substr(0, key.size() - name.size())) +
                                              std::string(value));
        const bool is_link = said != nullptr && said->is_string() && online_in(said->get_string());
        if (said != nullptr && !said->is_structured() && !is_link) named[*text] = *said;
      }
    }
  }
  for (auto& each : named) object[each.key()] = std::move(each.value());
  return !named.empty();
}

// {"alarmModelName":"FloodAlarm","alarmState":{"stateName":"ACTIVE"}}
bool name_alarm_model(json::object& object) {
  constexpr std::array<std::string_view, 2> kActive{"ACTIVE", "LATCHED"};
  const auto model = sdk::text_at(object, "alarmModelName");
  const auto* state = model ? sdk::object_at(object, "alarmState") : nullptr;
  if (state == nullptr) return false;
  const auto name = sdk::text_or_empty(*state, "stateName");
  const std::string alarm(*model);
  object[alarm] = is_one_of(name, kActive) ? "alarm" : name == "NORMAL" ? "normal" : "unknown";
  object.erase("alarmState");
  return true;
}

}  // namespace watchpost::danger

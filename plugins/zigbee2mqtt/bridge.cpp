#include "zigbee2mqtt/bridge.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "zigbee2mqtt/exposes.hpp"

namespace watchpost::zigbee2mqtt {
namespace {

namespace json = sdk::json;

json::object digest_of(const danger::MemberFacts& member) {
  json::object text{{"n", member.name}};
  const auto add = [&text](std::string_view key, const std::string& value) {
    if (!value.empty()) text[key] = value;
  };
  add("d", member.description);
  add("u", member.unit);
  add("on", member.on);
  add("off", member.off);
  if (member.settable) text["set"] = true;
  if (member.numeric) text["num"] = true;
  return text;
}

danger::MemberFacts member_from(const json::object& text) {
  danger::MemberFacts member{sdk::text_or_empty(text, "n"), sdk::text_or_empty(text, "d"),
                             sdk::text_or_empty(text, "u"), sdk::text_or_empty(text, "on"),
                             sdk::text_or_empty(text, "off")};
  member.settable = sdk::boolean_at(text, "set").value_or(false);
  member.numeric = sdk::boolean_at(text, "num").value_or(false);
  return member;
}

json::object digest_of(const std::string& name, const BridgeDevice& device) {
  json::array members;
  for (const auto& member : device.facts.members) members.emplace_back(digest_of(member));
  return {{"name", name},
          {"model", device.facts.model},
          {"vendor", device.facts.vendor},
          {"description", device.facts.description},
          {"every_press", device.every_press},
          {"detector", device.detector},
          {"members", std::move(members)}};
}

BridgeDevice device_from_digest(const json::object& text) {
  BridgeDevice device;
  device.facts.model = sdk::text_or_empty(text, "model");
  device.facts.vendor = sdk::text_or_empty(text, "vendor");
  device.facts.description = sdk::text_or_empty(text, "description");
  device.every_press = sdk::boolean_at(text, "every_press").value_or(false);
  device.detector = sdk::boolean_at(text, "detector").value_or(false);
  const auto* members = sdk::member(text, "members");
  if (members == nullptr || !members->is_array()) return device;
  for (const auto& member : members->get_array()) {
    if (member.is_object()) device.facts.members.push_back(member_from(member.get_object()));
  }
  return device;
}

}  // namespace

bool Bridge::read_devices(const json::value& list) {
  if (!list.is_array()) return false;
  Devices devices;
  for (const auto& each : list.get_array()) {
    if (!each.is_object()) return false;
    const auto& entry = each.get_object();
    const auto name = sdk::text_or_empty(entry, "friendly_name");
    if (name.empty() || sdk::text_or_empty(entry, "type") == "Coordinator") continue;
    if (devices.size() == kMostDevices) break;
    auto device = device_from(entry);
    const auto known = devices_.find(name);
    device.heard = known != devices_.end() && known->second.heard;
    devices.insert_or_assign(name, std::move(device));
  }
  devices_ = std::move(devices);
  return true;
}

bool Bridge::read_groups(const json::value& list) {
  if (!list.is_array()) return false;
  std::set<std::string, std::less<>> groups;
  for (const auto& each : list.get_array()) {
    if (!each.is_object() || groups.size() == kMostDevices) return false;
    const auto name = sdk::text_or_empty(each.get_object(), "friendly_name");
    if (!name.empty()) groups.insert(name);
  }
  groups_ = std::move(groups);
  return true;
}

const BridgeDevice* Bridge::device(std::string_view name) const {
  const auto found = devices_.find(name);
  return found == devices_.end() ? nullptr : &found->second;
}

std::optional<std::string_view> Bridge::owner(std::string_view rest) const {
  for (auto end = rest.rfind('/'); end != std::string_view::npos && end > 0;
       end = rest.rfind('/', end - 1)) {
    const auto found = devices_.find(rest.substr(0, end));
    if (found != devices_.end()) return found->first;
  }
  return std::nullopt;
}

std::vector<Bridge::Danger> Bridge::dangers() const {
  std::vector<Danger> all;
  for (const auto& [name, device] : devices_) {
    for (const watchpost_kind kind : device.dangers) all.push_back({name, kind});
  }
  return all;
}

std::vector<std::string_view> Bridge::detectors(bool heard) const {
  std::vector<std::string_view> names;
  for (const auto& [name, device] : devices_) {
    if (device.detector && device.heard == heard) names.push_back(name);
  }
  return names;
}

std::vector<std::string_view> Bridge::heard() const {
  std::vector<std::string_view> names;
  for (const auto& [name, device] : devices_) {
    if (device.heard) names.push_back(name);
  }
  return names;
}

bool Bridge::hear(std::string_view name) {
  const auto found = devices_.find(name);
  if (found == devices_.end() || found->second.heard) return false;
  found->second.heard = true;
  return true;
}

std::string Bridge::digest() const {
  json::array devices;
  for (const auto& [name, device] : devices_) devices.emplace_back(digest_of(name, device));
  json::array groups;
  for (const auto& name : groups_) groups.emplace_back(name);
  return json::serialize(
      json::object{{"devices", std::move(devices)}, {"groups", std::move(groups)}});
}

void Bridge::restore(std::string_view digest) {
  boost::system::error_code error;
  const auto whole = json::parse(digest, error);
  if (error || !whole.is_object()) return;
  const auto* devices = sdk::member(whole.get_object(), "devices");
  if (devices != nullptr && devices->is_array()) {
    for (const auto& each : devices->get_array()) {
      if (!each.is_object() || devices_.size() == kMostDevices) continue;
      const auto name = sdk::text_or_empty(each.get_object(), "name");
      if (!name.empty()) devices_.insert_or_assign(name, device_from_digest(each.get_object()));
    }
  }
  const auto* groups = sdk::member(whole.get_object(), "groups");
  if (groups == nullptr || !groups->is_array()) return;
  for (const auto& each : groups->get_array()) {
    if (each.is_string()) groups_.emplace(each.get_string());
  }
}

}  // namespace watchpost::zigbee2mqtt

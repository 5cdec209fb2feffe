#include "zigbee2mqtt/attributes.hpp"

#include <algorithm>

#include "danger/names.hpp"
#include "danger/words_things.hpp"

namespace watchpost::zigbee2mqtt {
namespace {

// What must be remembered to read a danger: dangers, and what tells a siren from a sensor.
bool matters(std::string_view attribute) {
  if (danger::meaning_of_name(attribute).role != danger::Role::none) return true;
  const auto companions = danger::siren_companions();
  if (std::find(companions.begin(), companions.end(), attribute) != companions.end()) return true;
  return attribute == "test" || attribute.ends_with("mode") || attribute.starts_with("soil");
}

}  // namespace

sdk::json::value Attributes::value_of(std::string_view payload) {
  const auto text = sdk::trim(payload);
  if (text == "true" || text == "false") return text == "true";
  if (const auto number = sdk::number_from(text)) return *number;
  return sdk::json::string(text);
}

Attributes::Device& Attributes::place(std::string_view device) {
  const std::string key(device);
  if (devices_.size() == kMostDevices && devices_.count(key) == 0) {
    devices_.erase(std::min_element(devices_.begin(), devices_.end(), [](auto& a, auto& b) {
      return a.second.turn < b.second.turn;
    }));
  }
  return devices_[key];
}

sdk::json::object Attributes::with(const Name& name, const sdk::json::value& value) {
  const auto attribute = name.attribute;
  sdk::json::object state;
  if (matters(attribute)) {
    Device& known = place(name.device);
    known.turn = ++turn_;
    if (known.values.size() < kMostAttributes || known.values.count(attribute) > 0) {
      known.values.insert_or_assign(std::string(attribute), value);
    }
    for (const auto& [each, last] : known.values) state.emplace(each, last);
  }
  state[attribute] = value;
  return state;
}

}  // namespace watchpost::zigbee2mqtt

// Attributes: the last values of the attributes of a device that publishes each on a topic of its
// own (Zigbee2MQTT's output: attribute), as far as they speak of a danger.
// Promise: an attribute is read beside the others of its device, so that a calm one never hides an
// alarming one. Bounded: kMostDevices devices, those that spoke last, with kMostAttributes each.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>

#include "sdk/json.hpp"

namespace watchpost::zigbee2mqtt {

class Attributes {
 public:
  static constexpr std::size_t kMostDevices = 1'024;
  static constexpr std::size_t kMostAttributes = 24;

  // "true", "12.5" and "ON" as the value that stood in the state: a flag, a number, a text.
  [[nodiscard]] static sdk::json::value value_of(std::string_view payload);
  // The state of the device as far as it is known, with the attribute in it.
  struct Name {
    std::string_view device;
    std::string_view attribute;
  };
  sdk::json::object with(const Name& name, const sdk::json::value& value);

 private:
  struct Device {
    std::map<std::string, sdk::json::value, std::less<>> values;
    std::uint64_t turn = 0;  // when it spoke last
  };
  Device& place(std::string_view device);

  std::unordered_map<std::string, Device> devices_;
  std::uint64_t turn_ = 0;
};

}  // namespace watchpost::zigbee2mqtt

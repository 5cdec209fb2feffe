// Bridge: what one Zigbee2MQTT says of its devices and groups, on <base>/bridge/devices and
// bridge/groups (zigbee2mqtt.io guide, MQTT topics).
// Promise: the last list counts; one that is no list changes nothing. Of each device what the
// grammar of danger needs is kept: names, units, the two values of a binary, whether a member can
// be set. Bounded: kMostDevices devices with kMostMembers members each. digest() is that as a text,
// which restore() reads after a restart. Pure; I/O thread.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "abi/watchpost_decoder.h"
#include "danger/facts.hpp"
#include "sdk/json.hpp"

namespace watchpost::zigbee2mqtt {

struct BridgeDevice {
  danger::DeviceFacts facts;
  bool every_press = false;               // a button of which each press calls for help
  bool detector = false;                  // can declare a danger
  bool heard = false;                     // has said something since it was first listed
  std::vector<watchpost_kind> dangers{};  // that it can declare; only of a list, not of a digest
};

class Bridge {
 public:
  static constexpr std::size_t kMostDevices = 2'000;
  static constexpr std::size_t kMostMembers = 64;

  // False where `list` is no such list.
  [[nodiscard]] bool read_devices(const sdk::json::value& list);
  [[nodiscard]] bool read_groups(const sdk::json::value& list);

  [[nodiscard]] const BridgeDevice* device(std::string_view name) const;
  [[nodiscard]] bool is_group(std::string_view name) const { return groups_.count(name) > 0; }
  // The listed device below whose name `rest` lies ("kitchen/smoke"), the longest name first.
  [[nodiscard]] std::optional<std::string_view> owner(std::string_view rest) const;
  [[nodiscard]] std::size_t size() const { return devices_.size(); }
  [[nodiscard]] std::vector<std::string_view> detectors(bool heard) const;
  [[nodiscard]] std::vector<std::string_view> heard() const;
  struct Danger {
    std::string_view device;
    watchpost_kind kind;
  };
  [[nodiscard]] std::vector<Danger> dangers() const;
  // True where this is the first that is heard of a listed device.
  bool hear(std::string_view name);

  [[nodiscard]] std::string digest() const;
  void restore(std::string_view digest);

 private:
  using Devices = std::map<std::string, BridgeDevice, std::less<>>;
  Devices devices_;  // by friendly name
  std::set<std::string, std::less<>> groups_;
};

}  // namespace watchpost::zigbee2mqtt

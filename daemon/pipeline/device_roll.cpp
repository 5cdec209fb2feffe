#include "pipeline/device_roll.hpp"

namespace watchpost::pipeline {

DeviceEntry& DeviceRoll::seen(std::string_view device, SteadyTime now) {
  if (const auto known = places_.find(device); known != places_.end()) {
    entries_.splice(entries_.begin(), entries_, known->second);
  } else {
    if (entries_.size() == kMostDevices) {
      places_.erase(entries_.back().device);
      entries_.pop_back();
    }
    entries_.emplace_front().device = device;
    places_.emplace(entries_.front().device, entries_.begin());
  }
  DeviceEntry& entry = entries_.front();
  entry.heard_at = now;
  ++entry.messages;
  return entry;
}

const DeviceEntry* DeviceRoll::find(std::string_view device) const {
  const auto known = places_.find(device);
  return known == places_.end() ? nullptr : &*known->second;
}

}  // namespace watchpost::pipeline

// DeviceRoll: which devices have spoken, and what of theirs could not be read.
// Promise: bounded; past the bound the device that has been silent longest makes room. For
// `watchpost status`; nothing is decided by it. I/O thread only.
#pragma once

#include <cstdint>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.hpp"
#include "model/event_class.hpp"

namespace watchpost::pipeline {

struct DeviceEntry {
  std::string device;
  std::string name;  // for people; empty where [[device]] gives none
  Domain domain = Domain::other;
  std::string decoder;  // empty: nothing could read its last message
  SteadyTime heard_at{};
  std::uint64_t messages = 0;
  std::uint64_t unread = 0;  // messages kept undecoded or malformed
  std::string unread_topic;  // of the last of those
  std::string unread_why;    // why, in the decoder's words; empty: that topic has no decoder
};

class DeviceRoll {
 public:
  static constexpr std::size_t kMostDevices = 10'000;

  DeviceEntry& seen(std::string_view device, SteadyTime now);
  // Null for a device that has not spoken.
  [[nodiscard]] const DeviceEntry* find(std::string_view device) const;
  // Most recently heard first.
  [[nodiscard]] const std::list<DeviceEntry>& entries() const { return entries_; }

 private:
  std::list<DeviceEntry> entries_;
  // The keys are views of the entries' own names.
  std::unordered_map<std::string_view, std::list<DeviceEntry>::iterator> places_;
};

}  // namespace watchpost::pipeline

#include "zigbee2mqtt/press_memory.hpp"

#include <algorithm>

namespace watchpost::zigbee2mqtt {
namespace {

constexpr std::int64_t kOnePress = 30'000'000'000;
constexpr std::size_t kMostDevices = 1024;

// The clock may be set between the two: only a short distance, in either direction, counts.
bool near(std::int64_t a, std::int64_t b) {
  const auto [low, high] = std::minmax(a, b);
  return static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low) <=
         static_cast<std::uint64_t>(kOnePress);
}

}  // namespace

bool PressMemory::is_new(std::string_view device, const Press& press) {
  const std::string key(device);
  const auto found = last_.find(key);
  if (found != last_.end()) {
    Last& last = found->second;
    const bool same = !last.paired && last.by != press.by && last.action == press.action &&
                      near(last.received_unix_ns, press.received_unix_ns);
    if (same) {
      last.paired = true;
      return false;
    }
  } else if (last_.size() == kMostDevices) {
    const auto oldest = std::min_element(last_.begin(), last_.end(), [](auto& a, auto& b) {
      return a.second.received_unix_ns < b.second.received_unix_ns;
    });
    last_.erase(oldest);
  }
  last_[key] = Last{std::string(press.action), press.by, press.received_unix_ns, false};
  return true;
}

}  // namespace watchpost::zigbee2mqtt

// A desk with devices that are to be heard each hour, for tests of who is silent.
#pragma once

#include <algorithm>
#include <string>

#include "support/duty_desk.hpp"

namespace watchpost::silence {

using rules::Verdict;
using support::DutyDesk;
using support::said;

inline constexpr auto kAtRest = DeclaredState::normal;

inline void expect(DutyDesk& desk, const std::string& id,
                   std::optional<std::chrono::seconds> every) {
  Device device;
  device.id = id;
  device.expected = every;
  (void)desk.enter(device);
}

inline Verdict rests(DutyDesk& desk, const std::string& id, const std::string& over = {}) {
  const std::string topic = over.empty() ? "" : over + "/" + id;
  return desk.hear(said(id, Kind::smoke, kAtRest), {topic, {}});
}

inline Verdict bridge_says(DutyDesk& desk, bool is_online) {
  Observation word =
      said("zigbee2mqtt/bridge", Kind::device_status, is_online ? kAtRest : DeclaredState::fault);
  word.readings.push_back({"online", "", is_online});
  return desk.hear(word, {"zigbee2mqtt/bridge/state", {}});
}

inline std::string numbered(int i) {
  return "z-" + std::to_string(i);
}

// Devices that are heard each hour, and are heard now.
inline void expect_many(DutyDesk& desk, int count, const std::string& over = "zigbee2mqtt") {
  for (int i = 1; i <= count; ++i) expect(desk, numbered(i), std::chrono::hours{1});
  for (int i = 1; i <= count; ++i) (void)rests(desk, numbered(i), over);
}

inline std::size_t silences(DutyDesk& desk) {
  const auto open = desk.open();
  return static_cast<std::size_t>(std::count_if(open.begin(), open.end(), [](const auto& alarm) {
    return alarm->source.condition == Condition::silent;
  }));
}

}  // namespace watchpost::silence

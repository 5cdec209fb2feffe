// Mirror and VillageWord: what a village's relayed event says of one of its alarms, or of its link.
// Promise: nothing is judged here: the village's own words, as it sent them, each cut to a bound.
// Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "model/alarm.hpp"

namespace watchpost::villages {

// An alarm of a village, by its newest event.
struct Mirror {
  AlarmNumber number;
  std::uint64_t transition = 0;  // counted by the village: the highest is the newest
  std::uint32_t revision = 0;
  bool open = false;
  bool exercise = false;
  bool test = false;
  std::uint64_t count = 1;
  std::string device{}, kind{}, condition{}, name{}, place{};
  std::string state{}, level{}, owner{};  // the names of the event contract
  std::string rule{}, text{}, text_zh{};  // of a rule of the village's site
  std::optional<double> peak{};           // the worst value, in the unit of the village
  std::uint64_t affects = 0;              // devices, of a radio that is down
  std::optional<WallTime> since{};
};

struct VillageWord {
  std::string gateway;  // its id as one topic level
  std::string prefix;   // of its topics
  std::optional<bool> connected{};
  std::optional<Mirror> alarm{};
};
struct RelayedMessage {
  std::string_view topic;
  std::string_view payload;
};
// Nothing where the topic is not an event's of a gateway. What is no change of an alarm and not the
// state of a link says only that the village is heard.
[[nodiscard]] std::optional<VillageWord> village_word(const RelayedMessage& message);

}  // namespace watchpost::villages

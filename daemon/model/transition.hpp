// Transition: one change of one alarm, with who or what caused it; it becomes a record.
// Promise: from the transitions of an alarm alone its state can be told again at any time, also by
// a street that has nothing else. A plain value; any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "model/alarm.hpp"

namespace watchpost {

// Where a word or a command came from.
enum class Origin : std::uint8_t { device, gateway, cli, api, page, upstream };
inline constexpr std::size_t kOriginCount = static_cast<std::size_t>(Origin::upstream) + 1;
[[nodiscard]] std::string_view to_string(Origin origin);

struct Actor {
  Origin origin = Origin::gateway;
  std::string who{};   // device, person; empty: a timer of the gateway
  std::string from{};  // screen, host or upstream where a person acted
  friend bool operator==(const Actor&, const Actor&) = default;
};

// About how much memory it takes.
[[nodiscard]] std::size_t memory_of(const Actor& actor);

struct Transition {
  SharedAlarm alarm;  // as it is after it
  AlarmState from = AlarmState::normal;
  AlarmState to = AlarmState::normal;
  AlarmEvent event = AlarmEvent::raised;
  AlarmGrade grade_before;
  Actor actor;
  std::string note{};  // in the words of a person
  Stamp at;
  std::chrono::milliseconds since_raised{0};  // by the steady clock
  // Of the record that it becomes: `alarm`, or `status` of a fault.
  EventClass event_class = EventClass::alarm;
};

}  // namespace watchpost

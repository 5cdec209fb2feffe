// The status word of a station (SL 651-2014 table 58), and what of it is an alarm.
// Promise: plain values. Three bits say a limit is passed: level, flow, water quality. The others
// say how the station does. Bit 7 is 0 for an open door, so that a word of zeros shows one: shown,
// no alarm.
#pragma once

#include <cstdint>

namespace watchpost::sl651 {

struct StatusBits {
  std::uint32_t word = 0;
  [[nodiscard]] constexpr bool at(unsigned bit) const { return (word >> bit & 1U) != 0; }

  [[nodiscard]] constexpr bool mains_lost() const { return at(0); }
  [[nodiscard]] constexpr bool low_battery() const { return at(1); }
  [[nodiscard]] constexpr bool level_alarm() const { return at(2); }
  [[nodiscard]] constexpr bool flow_alarm() const { return at(3); }
  [[nodiscard]] constexpr bool quality_alarm() const { return at(4); }
  [[nodiscard]] constexpr bool flow_meter_fault() const { return at(5); }
  [[nodiscard]] constexpr bool level_meter_fault() const { return at(6); }
  [[nodiscard]] constexpr bool door_open() const { return !at(7); }
  [[nodiscard]] constexpr bool memory_fault() const { return at(8); }
  [[nodiscard]] constexpr bool pump_running() const { return !at(10); }
  [[nodiscard]] constexpr bool quota_exceeded() const { return at(11); }

  [[nodiscard]] constexpr bool any_fault() const {
    return mains_lost() || flow_meter_fault() || level_meter_fault() || memory_fault();
  }
  // The bits that are alarms, for remembering.
  [[nodiscard]] constexpr std::uint32_t alarms() const { return word & 0b11100U; }
};

}  // namespace watchpost::sl651

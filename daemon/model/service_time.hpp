// ServiceTime: milliseconds that this gateway has served, by the steady clock, carried on over
// restarts (rules/time_over_restarts.hpp). Promise: it never goes back, and no wall clock moves it
// but once after a start, on by the time off, where a time service keeps the clock. Timers of
// alarms are differences of two of them. Plain values; any thread.
#pragma once

#include <chrono>
#include <cstdint>

#include "base/clock.hpp"
#include "base/compact_optional.hpp"

namespace watchpost {

// A clock of std::chrono without now(): times are handed in.
struct ServiceAxis {
  using rep = std::int64_t;
  using period = std::milli;
  using duration = std::chrono::milliseconds;
  using time_point = std::chrono::time_point<ServiceAxis>;
  static constexpr bool is_steady = true;
};
using ServiceTime = ServiceAxis::time_point;

// One moment as it is kept: for timers, for people, and how far the wall time may be trusted.
struct Stamp {
  ServiceTime service{};
  WallTime wall{};
  ClockQuality clock = ClockQuality::unset;
  friend bool operator==(const Stamp&, const Stamp&) = default;
};

template <>
struct NothingOf<Stamp> {
  static constexpr Stamp value() { return {ServiceTime::min(), {}, {}}; }
  static constexpr bool is(const Stamp& stamp) { return stamp.service == ServiceTime::min(); }
};

}  // namespace watchpost

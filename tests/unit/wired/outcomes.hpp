// What a test tells a line of a message that it handed over, and when.
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"

namespace watchpost::wired::testing {

inline const Result<void> kKept{};
inline const Result<void> kNotKept{Failure{Failure::Kind::storage, "full", ""}};

// 20:30:40 on 29 November 2026 eight hours east of UTC.
inline ClockReading our_clock(ClockQuality quality = ClockQuality::synced) {
  using namespace std::chrono;
  return {sys_days{2026y / 11 / 29} + 12h + 30min + 40s, {}, quality};
}

}  // namespace watchpost::wired::testing

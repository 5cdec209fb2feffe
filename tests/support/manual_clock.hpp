// ManualClock: a clock whose time moves only when the test moves it.
#pragma once

#include "base/clock.hpp"

namespace watchpost::support {

class ManualClock final : public Clock {
 public:
  [[nodiscard]] WallTime wall() const override { return wall_time; }
  [[nodiscard]] SteadyTime steady() const override { return steady_time; }
  [[nodiscard]] ClockQuality quality(WallTime, SteadyTime) const override { return clock_quality; }

  void advance(std::chrono::nanoseconds by) {
    wall_time += by;
    steady_time += std::chrono::duration_cast<SteadyDuration>(by);
  }

  WallTime wall_time{std::chrono::seconds{1'795'462'867}};
  SteadyTime steady_time{};
  ClockQuality clock_quality = ClockQuality::synced;
};

}  // namespace watchpost::support

// Forecast: for how many days the room in the store lasts at today's rate.
// Promise: the rate is that of the last 24 hours, or of the time since the start where that is
// shorter, and nothing is said before an hour has passed. Pure, bounded; spool thread.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "base/clock.hpp"
#include "base/strong.hpp"

namespace watchpost::spool {

class Forecast {
 public:
  // `added` bytes were stored at `now`. Calls come in the order of time.
  void note(SteadyTime now, ByteCount added);
  // More than ten years are told as ten years.
  [[nodiscard]] std::optional<double> days_left(SteadyTime now, ByteCount room) const;

 private:
  static constexpr std::size_t kHours = 24;
  [[nodiscard]] static std::int64_t hour_of(SteadyTime time);

  struct Hour {
    std::int64_t number = -1;
    std::uint64_t bytes = 0;
  };
  std::array<Hour, kHours + 1> hours_{};  // the running one and those before it
  std::optional<SteadyTime> began_;
};

}  // namespace watchpost::spool

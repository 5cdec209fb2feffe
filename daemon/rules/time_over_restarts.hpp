// TimeOverRestarts: the service time (model/service_time.hpp) of a moment, carried on over
// restarts. Promise: it never goes back. After a restart it goes on from the newest stamp that was
// kept; the time off is added once the wall clock is kept by a time service now and was when a
// stamp was made, be it minutes after the start. I/O thread only.
#pragma once

#include <optional>

#include "model/service_time.hpp"

namespace watchpost::rules {

using Moment = ClockReading;

class TimeOverRestarts {
 public:
  // A stamp of an earlier life; before the first at().
  void recall(const Stamp& stamp);

  [[nodiscard]] ServiceTime at(const Moment& moment);
  [[nodiscard]] Stamp stamp(const Moment& moment) {
    return {at(moment), moment.wall, moment.quality};
  }
  [[nodiscard]] SteadyTime steady_of(ServiceTime time) const;

 private:
  std::optional<SteadyTime> steady_;  // of `base_`
  ServiceTime base_{};
  ServiceTime latest_{};
  // What the wall clock was behind service time, where both can be believed; until it was used.
  std::optional<std::chrono::milliseconds> wall_lag_;
};

}  // namespace watchpost::rules

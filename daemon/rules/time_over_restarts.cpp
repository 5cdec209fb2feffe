#include "rules/time_over_restarts.hpp"

#include <algorithm>

namespace watchpost::rules {
namespace {

using std::chrono::milliseconds;

milliseconds since_1970(WallTime wall) {
  return std::chrono::duration_cast<milliseconds>(wall.time_since_epoch());
}

}  // namespace

void TimeOverRestarts::recall(const Stamp& stamp) {
  base_ = std::max(base_, stamp.service);
  if (stamp.clock != ClockQuality::synced) return;
  const milliseconds lag = stamp.service.time_since_epoch() - since_1970(stamp.wall);
  wall_lag_ = wall_lag_ ? std::max(*wall_lag_, lag) : lag;
}

ServiceTime TimeOverRestarts::at(const Moment& moment) {
  if (!steady_) steady_ = moment.steady;
  const auto passed = std::chrono::duration_cast<milliseconds>(moment.steady - *steady_);
  ServiceTime time = base_ + std::max(passed, milliseconds{0});
  if (wall_lag_ && moment.quality == ClockQuality::synced) {
    const ServiceTime by_wall{since_1970(moment.wall) + *wall_lag_};
    if (by_wall > time) {
      base_ += by_wall - time;
      time = by_wall;
    }
    wall_lag_.reset();
  }
  latest_ = std::max(latest_, time);
  return latest_;
}

SteadyTime TimeOverRestarts::steady_of(ServiceTime time) const {
  return steady_.value_or(SteadyTime{}) + (time - base_);
}

}  // namespace watchpost::rules

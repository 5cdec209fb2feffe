// ReconnectPlan: when to connect again, and when the backlog may begin to flow.
// Promise: gateways that lost the same broker at the same moment come back spread evenly over
// `spread`, and after a longer outage begin to send spread as well; an alarm waits for neither
// (docs/decisions/0009-a-district-comes-back-gently.md). Attempts that fail back off. Pure: the
// caller brings time and random numbers.
#pragma once

#include <cstdint>
#include <optional>

#include "base/backoff.hpp"
#include "base/clock.hpp"

namespace watchpost::upstream {

class ReconnectPlan {
 public:
  ReconnectPlan(Backoff::Options backoff, std::chrono::milliseconds spread)
      : backoff_(backoff), spread_(spread) {}

  enum class Waiting : std::uint8_t { no_alarm, alarm };
  // A link that was good is gone: the next attempt is quick again.
  [[nodiscard]] SteadyTime after_good_link(SteadyTime now, Waiting what, std::uint64_t random) {
    backoff_.reset();
    lost_at_ = now;
    may_hurry_ = what == Waiting::no_alarm && spread_ > spread_.zero();
    if (!may_hurry_) return now + backoff_.next(random);
    return now + evenly(random);
  }
  [[nodiscard]] SteadyTime after_failure(SteadyTime now, std::uint64_t random) {
    if (!lost_at_) lost_at_ = now;
    may_hurry_ = false;
    return now + backoff_.next(random);
  }
  // An alarm came: where the attempt was put off for the sake of other gateways, it comes sooner.
  struct Attempt {
    SteadyTime planned;
    SteadyTime now;
  };
  [[nodiscard]] SteadyTime hurried(Attempt attempt, std::uint64_t random) {
    if (!may_hurry_) return attempt.planned;
    may_hurry_ = false;
    return std::min(attempt.planned, attempt.now + SteadyDuration{backoff_.next(random)});
  }
  // When records that are no alarms may begin to flow over the new link. After a short outage that
  // is at once, because the attempts were spread already.
  [[nodiscard]] SteadyTime flows_from(SteadyTime now, std::uint64_t random) {
    const bool long_outage = lost_at_ && now - *lost_at_ > spread_;
    lost_at_.reset();
    return long_outage ? now + evenly(random) : now;
  }

 private:
  [[nodiscard]] SteadyDuration evenly(std::uint64_t random) const {
    const auto steps = static_cast<std::uint64_t>(spread_.count()) + 1;
    return std::chrono::milliseconds{static_cast<std::int64_t>(random % steps)};
  }

  Backoff backoff_;
  std::chrono::milliseconds spread_;
  std::optional<SteadyTime> lost_at_;  // set while there is no link
  bool may_hurry_ = false;
};

}  // namespace watchpost::upstream

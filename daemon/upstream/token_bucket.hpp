// TokenBucket: how many events per second may leave.
// Promise: over any stretch of time at most `rate` events a second plus a tenth of a second's worth
// may leave. An event that must not wait is counted all the same and makes the others wait, for at
// most a second. It starts empty, so that a new link begins gently. Pure: the caller brings the
// time.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "base/clock.hpp"

namespace watchpost::upstream {

class TokenBucket {
 public:
  // Events per second; 0: no limit.
  explicit TokenBucket(std::uint32_t rate)
      : rate_(rate), most_(std::max(1.0, static_cast<double>(rate) / 10)) {}

  void start_empty(SteadyTime now) {
    tokens_ = 0;
    filled_at_ = now;
  }
  [[nodiscard]] bool has_one(SteadyTime now) {
    if (rate_ == 0) return true;
    fill(now);
    return tokens_ >= 1;
  }
  // Called for each event that leaves, also for one that leaves without a token.
  void take(SteadyTime now) {
    if (rate_ == 0) return;
    fill(now);
    tokens_ = std::max(tokens_ - 1, -static_cast<double>(rate_));
  }
  // When there will be a token.
  [[nodiscard]] SteadyTime ready_at() const {
    if (rate_ == 0 || tokens_ >= 1) return filled_at_;
    const std::chrono::duration<double> missing{(1 - tokens_) / rate_};
    // Rounded up: a timer that fires a moment early would find nothing.
    return filled_at_ + std::chrono::ceil<std::chrono::microseconds>(missing) +
           std::chrono::microseconds{1};
  }

 private:
  void fill(SteadyTime now) {
    const std::chrono::duration<double> passed = now - filled_at_;
    tokens_ = std::min(most_, tokens_ + passed.count() * rate_);
    filled_at_ = now;
  }

  std::uint32_t rate_;
  double most_;
  double tokens_ = 0;
  SteadyTime filled_at_{};
};

}  // namespace watchpost::upstream

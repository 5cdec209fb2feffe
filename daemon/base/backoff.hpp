// Backoff: how long to wait before the next attempt.
// Promise: delays double from `first` to `ceiling`; each is drawn evenly from [half, whole] of the
// step ("equal jitter"), so that a district's gateways do not all come back at once. Pure: the
// caller brings the random number.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace watchpost {

class Backoff {
 public:
  using Milliseconds = std::chrono::milliseconds;
  struct Options {
    Milliseconds first{1'000};
    Milliseconds ceiling{60'000};
  };

  explicit Backoff(Options options) : options_(options), step_(options.first) {}

  // `random` may be any 64-bit number; equal numbers give equal delays.
  [[nodiscard]] Milliseconds next(std::uint64_t random) {
    const auto whole = step_.count();
    const auto half = whole / 2;
    const auto delay =
        half + static_cast<std::int64_t>(random % static_cast<std::uint64_t>(whole - half + 1));
    step_ = std::min(options_.ceiling, step_ * 2);
    return Milliseconds{delay};
  }
  void reset() { step_ = options_.first; }

 private:
  Options options_;
  Milliseconds step_;
};

}  // namespace watchpost

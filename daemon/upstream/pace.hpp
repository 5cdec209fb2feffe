// Pace: how many events may be under way, so that an alarm behind them is not late.
// Why: on a link of 2 kB/s a window of 100 events is half a minute of bytes already given to the
// socket, and no alarm overtakes those (22 s measured).
// Promise: starts small on each link and grows while answers come at most `kSoon` later than they
// must; where they take longer it shrinks in proportion, at most once per window, down to two: one
// for the backlog, one for an alarm. A fast link has its whole window within a few round trips, and
// a long way there alone (a satellite, a slow broker) shrinks nothing. A batch counts as its
// events: so a slow link gets small batches. Pure: the caller brings the times. Used by Uplink, on
// the I/O thread.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "base/clock.hpp"

namespace watchpost::upstream {

class Pace {
 public:
  static constexpr std::chrono::milliseconds kSoon{1'000};
  static constexpr std::size_t kFirst = 8;
  static constexpr std::size_t kLeast = 2;
  static constexpr std::size_t kLargeWindow = 64;  // grows by more than one at a time

  // A new link, over which `most` may ever be under way.
  void link_up(std::size_t most, std::size_t first = kFirst) { *this = Pace(most, first); }

  // A publication was answered that was sent at `sent`.
  void answered(SteadyTime sent, SteadyTime now, std::size_t events = 1) {
    // What was sent before the last cut says nothing about the window since.
    if (cut_ && sent < cut_at_) return;
    const SteadyDuration delay = now - sent;
    // With the least window there is no queue of ours: that is how long the way takes now.
    way_ = window_ <= kLeast ? delay : std::min(way_, delay);
    if (delay > way_ + kSoon) return shrink(now, delay);
    since_growth_ += events;
    // Doubling per round trip until the link's limit was met once, then little more per window.
    if (cut_ && since_growth_ < window_) return;
    window_ = std::min(most_, window_ + (cut_ ? 1 + window_ / kLargeWindow : events));
    since_growth_ = 0;
  }

  [[nodiscard]] std::size_t window() const { return window_; }

  Pace() = default;

 private:
  Pace(std::size_t most, std::size_t first)
      : most_(std::max<std::size_t>(most, 1)), window_(std::min(most_, first)) {}

  void shrink(SteadyTime now, SteadyDuration delay) {
    cut_ = true;
    cut_at_ = now;
    since_growth_ = 0;
    const auto fitting = static_cast<std::size_t>(static_cast<std::int64_t>(window_) *
                                                  (way_ + kSoon).count() / delay.count());
    window_ = std::min(most_, std::max({fitting, window_ / 4, kLeast}));
  }

  std::size_t most_ = 1;
  std::size_t window_ = 1;
  std::size_t since_growth_ = 0;
  SteadyDuration way_ = SteadyDuration::max() / 2;  // the shortest delay seen
  bool cut_ = false;
  SteadyTime cut_at_{};
};

}  // namespace watchpost::upstream

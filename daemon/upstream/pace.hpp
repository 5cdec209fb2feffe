// Pace: how much may be under way, so that an alarm behind it is not late.
// Why: on a link of 2 kB/s a window of 100 events is half a minute of bytes already given to the
// socket, and no alarm overtakes those (22 s measured).
// Promise: starts small on each link and grows while what is allowed is used and answers come at
// most `soon` later than they must; where they take longer it shrinks in proportion, at most once
// per window. A fast link has its whole window within a few round trips, and a long way there alone
// (a satellite, a slow broker) shrinks nothing. One Pace counts events (a batch counts as its
// events: so a slow link gets small batches), another one bytes. Pure: the caller brings the times.
// Used by LinkFlow, on the I/O thread.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "base/clock.hpp"

namespace watchpost::upstream {

class Pace {
 public:
  struct Limits {
    std::size_t first = 1;
    std::size_t least = 1;
    std::size_t most = 1;
    std::chrono::milliseconds soon{1'000};
  };
  // At least two events: one for the backlog, one for an alarm.
  static constexpr Limits kEvents{8, 2, 1'000, std::chrono::milliseconds{1'000}};
  // Every link is given 64 KiB, behind which the answer to a ping waits too. A link gets more only
  // while answers come so soon that an alarm behind all the bytes does not notice.
  static constexpr Limits kBytes{64 * 1024, 64 * 1024, 4096 * 1024, std::chrono::milliseconds{50}};
  static constexpr std::size_t kLargeWindow = 64;  // from here on it grows by more than one

  Pace() = default;
  // For a new link.
  explicit Pace(const Limits& limits)
      : limits_(limits), window_(std::min(limits.most, limits.first)) {}

  struct Answer {
    SteadyTime sent;  // when the publication was
    SteadyTime now;
    std::size_t amount;     // of the publication
    std::size_t under_way;  // until now, it included
  };
  // A publication was answered.
  void answered(const Answer& answer) {
    const auto [sent, now, amount, under_way] = answer;
    // A publication that was sent before the last cut says nothing about the window since.
    if (cut_ && sent < cut_at_) return;
    const SteadyDuration delay = now - sent;
    // With so small a window there is no queue of ours: the delay is how long the way takes now.
    way_ = window_ <= kEvents.least ? delay : std::min(way_, delay);
    if (delay > way_ + limits_.soon) return shrink(now, delay);
    // A window that nobody fills says nothing about what the link bears.
    if (under_way * 2 < window_) return;
    since_growth_ += amount;
    // The window doubles per round trip until it met the link's limit once, then grows little by
    // little, once per window.
    if (cut_ && since_growth_ < window_) return;
    window_ = std::min(limits_.most, window_ + (cut_ ? 1 + window_ / kLargeWindow : amount));
    since_growth_ = 0;
  }

  [[nodiscard]] std::size_t window() const { return window_; }

 private:
  void shrink(SteadyTime now, SteadyDuration delay) {
    cut_ = true;
    cut_at_ = now;
    since_growth_ = 0;
    const auto fitting = static_cast<std::size_t>(static_cast<std::int64_t>(window_) *
                                                  (way_ + limits_.soon).count() / delay.count());
    window_ = std::min(limits_.most, std::max({fitting, window_ / 4, limits_.least}));
  }

  Limits limits_;
  std::size_t window_ = 1;
  std::size_t since_growth_ = 0;
  SteadyDuration way_ = SteadyDuration::max() / 2;  // the shortest delay seen
  bool cut_ = false;
  SteadyTime cut_at_{};
};

// The two paces of one link.
struct LinkPace {
  Pace events;
  Pace bytes;
};

}  // namespace watchpost::upstream

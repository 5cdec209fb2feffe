// Ledger: for each message of each publisher, when it was sent, whether it was acknowledged and
// whether it arrived. So losses are counted one by one, and latencies need no stamp in the payload.
// Promise: a message is acknowledged once and arrives once; further ones count as repeats. One
// thread.
#pragma once

#include <array>
#include <bit>
#include <chrono>
#include <cstdint>
#include <vector>

#include "event_loop.hpp"

namespace watchpost::bench {

// Counts of microseconds, in buckets that are less than a hundredth of their value wide.
class Latencies {
 public:
  void add(std::uint32_t us) {
    ++count_;
    if (us > most_) most_ = us;
    ++buckets_[bucket_of(us)];
  }
  [[nodiscard]] double percentile_ms(double part) const {
    auto wanted = static_cast<std::uint64_t>(part * static_cast<double>(count_));
    for (std::uint32_t i = 0; i < buckets_.size(); ++i) {
      if (buckets_[i] > wanted) return static_cast<double>(value_of(i)) / 1'000;
      wanted -= buckets_[i];
    }
    return most_ms();
  }
  [[nodiscard]] double most_ms() const { return static_cast<double>(most_) / 1'000; }

 private:
  static constexpr std::uint32_t kFine = 128;  // buckets for each power of two
  static std::uint32_t bucket_of(std::uint32_t us) {
    if (us < kFine) return us;
    const auto shift = static_cast<std::uint32_t>(std::bit_width(us)) - 8;
    return (shift + 1) * kFine + (us >> shift) - kFine;
  }
  static std::uint64_t value_of(std::uint32_t bucket) {
    if (bucket < kFine) return bucket;
    return std::uint64_t{bucket % kFine + kFine} << (bucket / kFine - 1);
  }

  std::array<std::uint64_t, kFine * 26> buckets_{};
  std::uint64_t count_ = 0;
  std::uint32_t most_ = 0;
};

// Numbers of one class of messages.
struct Count {
  std::uint64_t published = 0;
  std::uint64_t acknowledged = 0;
  std::uint64_t refused = 0;
  std::uint64_t arrived = 0;
  std::uint64_t repeats = 0;
  std::uint64_t missing = 0;  // acknowledged, but not arrived
  Latencies puback;
  Latencies end_to_end;
};

class Ledger {
 public:
  explicit Ledger(std::size_t publishers) : publishers_(publishers) {}

  [[nodiscard]] std::uint32_t us_at(Steady::time_point when) const {
    const auto since = when - begun_;
    return static_cast<std::uint32_t>(
        std::chrono::duration_cast<std::chrono::microseconds>(since).count());
  }
  // Returns the number of the message that `publisher` sends next, due at `when`.
  std::uint32_t sent(std::size_t publisher, Steady::time_point when);
  void acknowledged(std::size_t publisher, std::uint32_t number, Steady::time_point when);
  // A message arrived; messages of unknown publishers are ignored.
  void arrived(std::size_t publisher, std::uint32_t number, Steady::time_point when);
  void refused(std::size_t publisher) { ++count_of(publisher).refused; }

  void set_alarms(std::size_t first_publisher) { first_alarm_ = first_publisher; }
  Count& count_of(std::size_t publisher) { return publisher < first_alarm_ ? telemetry_ : alarms_; }
  [[nodiscard]] std::uint64_t unacknowledged() const;
  [[nodiscard]] std::uint64_t underway() const;  // not arrived, acknowledged or not
  // Counts what is missing; called at the end.
  void audit();
  // Begins the latencies anew: messages sent before are counted, but not timed.
  void begin_timing(Steady::time_point now);

  [[nodiscard]] const Count& telemetry() const { return telemetry_; }
  [[nodiscard]] const Count& alarms() const { return alarms_; }
  [[nodiscard]] Steady::time_point last_progress() const { return last_progress_; }
  [[nodiscard]] Steady::time_point last_arrival() const { return last_arrival_; }
  // Messages a second from `begun` until all but one in a thousand had arrived. The last few, which
  // no other message follows, may wait for company; that wait is no part of a rate.
  [[nodiscard]] double arrivals_per_s(Steady::time_point begun) const;
  [[nodiscard]] std::uint64_t arrived_in_all() const {
    return telemetry_.arrived + alarms_.arrived;
  }

 private:
  struct Entry {
    std::uint32_t sent_us = 0;
    bool acknowledged = false;
    bool arrived = false;
  };
  std::vector<std::vector<Entry>> publishers_;
  std::size_t first_alarm_ = SIZE_MAX;
  Steady::time_point begun_ = Steady::now();
  std::uint32_t timed_from_us_ = 0;
  Steady::time_point last_progress_ = begun_;
  Steady::time_point last_arrival_ = begun_;
  // The times when each kStep-th message had arrived.
  static constexpr std::uint64_t kStep = 100;
  std::vector<Steady::time_point> steps_;
  Count telemetry_;
  Count alarms_;
};

}  // namespace watchpost::bench

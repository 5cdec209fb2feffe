// Outstanding: the calls on one link that the broker has not answered yet, and for how long.
// Promise: the oldest one has `patience` from the moment it became the oldest, or as long as its
// bytes take on the slowest link that we serve, whichever is longer. So a slow link that answers in
// order has time for all of its window and for large events, while one answer that never comes is
// noticed, however many later ones arrive. Bounded by the window of its owner. Pure: the caller
// brings the time.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>

#include "base/clock.hpp"
#include "upstream/publishing.hpp"

namespace watchpost::upstream {

class Outstanding {
 public:
  // 1 byte in 1 ms: half of what a link of 2 kB/s carries.
  static constexpr std::chrono::milliseconds kPerByte{1};

  struct Call {
    SteadyTime at;
    std::size_t bytes = 0;
    std::size_t events = 1;
  };

  // Tokens grow: the smallest one is the oldest.
  void sent(PublishToken token, const Call& call) {
    if (empty()) oldest_since_ = call.at;
    sent_.push_back({token, call});
    ++count_;
    bytes_ += call.bytes;
    events_ += call.events;
  }
  // Returns the call that is answered; nothing where the token is unknown or was answered before.
  std::optional<Call> answered(PublishToken token, SteadyTime now) {
    const auto found = find_token(sent_, token);
    if (found == sent_.end() || found->is_answered) return std::nullopt;
    found->is_answered = true;
    --count_;
    bytes_ -= found->call.bytes;
    events_ -= found->call.events;
    const Call call = found->call;
    if (found == sent_.begin()) oldest_since_ = now;
    while (!sent_.empty() && sent_.front().is_answered) sent_.pop_front();
    return call;
  }
  void clear() {
    sent_.clear();
    count_ = bytes_ = events_ = 0;
  }

  [[nodiscard]] bool empty() const { return count_ == 0; }
  [[nodiscard]] std::size_t size() const { return count_; }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }
  [[nodiscard]] std::size_t events() const { return events_; }
  [[nodiscard]] bool has(PublishToken token) {
    const auto found = find_token(sent_, token);
    return found != sent_.end() && !found->is_answered;
  }
  struct First {
    PublishToken token;
    std::size_t bytes = 0;
  };
  [[nodiscard]] std::optional<First> first() const {
    if (sent_.empty()) return std::nullopt;
    return First{sent_.front().token, sent_.front().call.bytes};
  }
  [[nodiscard]] std::optional<SteadyTime> oldest() const {
    if (sent_.empty()) return std::nullopt;
    return sent_.front().call.at;
  }
  [[nodiscard]] std::optional<SteadyTime> deadline(SteadyDuration patience) const {
    if (sent_.empty()) return std::nullopt;
    const Call& oldest = sent_.front().call;
    const SteadyDuration carried = static_cast<std::int64_t>(oldest.bytes) * kPerByte;
    return std::max(oldest.at, oldest_since_) + std::max(patience, carried);
  }

 private:
  struct Entry {
    PublishToken token;
    Call call;
    bool is_answered = false;
  };
  std::deque<Entry> sent_;  // the first one has no answer yet
  std::size_t count_ = 0;   // without an answer
  std::size_t bytes_ = 0;
  std::size_t events_ = 0;
  SteadyTime oldest_since_{};
};

}  // namespace watchpost::upstream

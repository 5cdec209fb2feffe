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
#include <map>
#include <optional>

#include "base/clock.hpp"
#include "upstream/publisher.hpp"

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
    if (sent_.empty()) oldest_since_ = call.at;
    if (sent_.emplace(token, call).second) bytes_ += call.bytes;
  }
  // What was sent.
  std::optional<Call> answered(PublishToken token, SteadyTime now) {
    const auto found = sent_.find(token);
    if (found == sent_.end()) return std::nullopt;
    if (found == sent_.begin()) oldest_since_ = now;
    const Call call = found->second;
    bytes_ -= call.bytes;
    sent_.erase(found);
    return call;
  }
  void clear() {
    sent_.clear();
    bytes_ = 0;
  }

  [[nodiscard]] bool empty() const { return sent_.empty(); }
  [[nodiscard]] std::size_t size() const { return sent_.size(); }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }
  [[nodiscard]] bool has(PublishToken token) const { return sent_.contains(token); }
  [[nodiscard]] std::optional<SteadyTime> oldest() const {
    if (sent_.empty()) return std::nullopt;
    return sent_.begin()->second.at;
  }
  [[nodiscard]] std::optional<SteadyTime> deadline(SteadyDuration patience) const {
    if (sent_.empty()) return std::nullopt;
    const Call& oldest = sent_.begin()->second;
    const SteadyDuration carried = static_cast<std::int64_t>(oldest.bytes) * kPerByte;
    return std::max(oldest.at, oldest_since_) + std::max(patience, carried);
  }

 private:
  std::map<PublishToken, Call> sent_;
  std::size_t bytes_ = 0;
  SteadyTime oldest_since_{};
};

}  // namespace watchpost::upstream

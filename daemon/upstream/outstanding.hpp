// Outstanding: the calls on one link that the broker has not answered yet, and for how long.
// Promise: the oldest one has `patience` from the moment it became the oldest. So a slow link that
// answers in order has time for all of its window, while one answer that never comes is noticed,
// however many later ones arrive. Bounded by the window of its owner. Pure: the caller brings the
// time.
#pragma once

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>

#include "base/clock.hpp"
#include "upstream/publisher.hpp"

namespace watchpost::upstream {

class Outstanding {
 public:
  // Tokens grow: the smallest one is the oldest.
  void sent(PublishToken token, SteadyTime now) {
    if (sent_.empty()) oldest_since_ = now;
    sent_.emplace(token, now);
  }
  void answered(PublishToken token, SteadyTime now) {
    const auto found = sent_.find(token);
    if (found == sent_.end()) return;
    if (found == sent_.begin()) oldest_since_ = now;
    sent_.erase(found);
  }
  void clear() { sent_.clear(); }

  [[nodiscard]] bool empty() const { return sent_.empty(); }
  [[nodiscard]] std::size_t size() const { return sent_.size(); }
  [[nodiscard]] bool has(PublishToken token) const { return sent_.contains(token); }
  [[nodiscard]] std::optional<SteadyTime> oldest() const {
    if (sent_.empty()) return std::nullopt;
    return sent_.begin()->second;
  }
  [[nodiscard]] std::optional<SteadyTime> deadline(SteadyDuration patience) const {
    if (sent_.empty()) return std::nullopt;
    return std::max(sent_.begin()->second, oldest_since_) + patience;
  }

 private:
  std::map<PublishToken, SteadyTime> sent_;
  SteadyTime oldest_since_{};
};

}  // namespace watchpost::upstream

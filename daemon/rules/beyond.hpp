// Beyond: those for whom a list has no room, so that people read "and N more".
// Promise: bounded; where it cannot count one more it says that there are more, until all whom it
// counts are gone; who is left of the others is counted once it speaks again. What a step that
// failed has changed is as it was before. I/O thread only.
#pragma once

#include <cstddef>
#include <deque>
#include <unordered_set>
#include <utility>

#include "model/alarm.hpp"

namespace watchpost::rules {

class Beyond {
 public:
  static constexpr std::size_t kMost = 10'000;

  struct Count {
    std::size_t counted = 0;
    bool is_more = false;  // some are not counted
    [[nodiscard]] bool any() const { return counted > 0 || is_more; }
    friend bool operator==(const Count&, const Count&) = default;
  };

  // By a hash of its name, which is enough to count by.
  void add(std::size_t key) { (void)is_added(key); }
  // By `step`. False: it was counted before, and the step changes nothing here.
  [[nodiscard]] bool add(StepNumber step, std::size_t key) {
    if (keys_.contains(key)) return false;
    if (is_added(key)) under_way_.push_back({step, key, true});
    return true;
  }
  // It is over.
  void remove(std::size_t key) {
    keys_.erase(key);
    forget_more();
  }
  // It found room by `step`.
  void remove(StepNumber step, std::size_t key) {
    if (keys_.erase(key) > 0) under_way_.push_back({step, key, false});
  }
  void committed(StepNumber last) {
    while (!under_way_.empty() && under_way_.front().step <= last) under_way_.pop_front();
    forget_more();
  }
  void rolled_back() {
    const auto failed = std::exchange(under_way_, {});
    for (auto change = failed.rbegin(); change != failed.rend(); ++change) {
      if (change->is_added) {
        keys_.erase(change->key);
      } else {
        add(change->key);
      }
    }
  }
  [[nodiscard]] Count count() const { return {keys_.size(), is_more_}; }

 private:
  struct Change {
    StepNumber step;
    std::size_t key;
    bool is_added;  // else it found room
  };
  bool is_added(std::size_t key) {
    if (keys_.size() < kMost) return keys_.insert(key).second;
    if (!keys_.contains(key)) is_more_ = true;
    return false;
  }
  void forget_more() {
    if (keys_.empty() && under_way_.empty()) is_more_ = false;
  }

  std::unordered_set<std::size_t> keys_;
  std::deque<Change> under_way_;  // as many as steps at most
  bool is_more_ = false;
};

}  // namespace watchpost::rules

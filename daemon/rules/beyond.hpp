// Beyond: sources whose alarm found no room in the list, so that people read "and N more".
// Promise: bounded; what it no longer counts apart it still says to be there. I/O thread only.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_set>

#include "rules/kept_rows.hpp"
#include "rules/signal.hpp"

namespace watchpost::rules {

class Beyond {
 public:
  static constexpr std::size_t kMost = 10'000;

  void add(const Signal& signal) {
    if (sources_.size() < kMost) sources_.insert(key_of(signal));
  }
  // It is over, or it has room now.
  void remove(const Signal& signal) {
    if (!sources_.empty()) sources_.erase(key_of(signal));
  }
  [[nodiscard]] std::size_t size() const { return sources_.size(); }

 private:
  // A hash is enough to count by.
  [[nodiscard]] static std::size_t key_of(const Signal& signal) {
    const auto number = static_cast<std::size_t>(signal.kind) * kConditionCount +
                        static_cast<std::size_t>(signal.condition);
    return hash_of(signal.device) * 31 + hash_of(signal.rule) * 17 + number;
  }
  std::unordered_set<std::size_t> sources_;
};

}  // namespace watchpost::rules

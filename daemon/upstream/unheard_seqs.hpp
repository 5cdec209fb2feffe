// UnheardSeqs: the numbers of one class that a broker took while nobody had subscribed to them.
// Promise: a number leaves only by `remove` or `forget_up_to`. Memory is bounded by kMostRanges:
// past it the two ranges in front become one, and the numbers between them, which were heard
// already, are offered once more. Pure. Used by Lane, on the I/O thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <map>
#include <optional>

#include "base/strong.hpp"

namespace watchpost::upstream {

class UnheardSeqs {
 public:
  static constexpr std::size_t kMostRanges = 1'000;

  void add(Seq seq);
  void remove(Seq seq);
  void forget_up_to(Seq last);

  [[nodiscard]] bool empty() const { return ranges_.empty(); }
  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] bool contains(Seq seq) const;
  // The lowest number above `after`.
  [[nodiscard]] std::optional<Seq> next_after(Seq after) const;
  // The number up to which nothing is unheard, at most `all`.
  [[nodiscard]] Seq clear_up_to(Seq all) const;

 private:
  using Ranges = std::map<Seq, Seq>;  // first to last

  [[nodiscard]] Ranges::iterator range_of(Seq seq);
  void join_front();

  Ranges ranges_;
  std::uint64_t count_ = 0;
};

}  // namespace watchpost::upstream

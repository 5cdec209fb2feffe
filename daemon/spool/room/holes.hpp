// Holes: the numbers between the oldest and the newest of a log that no record has any more.
// Why: a number is given once, so what damage took leaves a hole; whoever counts records by
// subtracting numbers would count what is gone.
// Promise: counts exactly, up to kMost ranges for a log; of a log with more, the ranges beyond the
// bound count as stored. Pure; spool thread, and a copy on the I/O thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/strong.hpp"

namespace watchpost::spool {

class Holes {
 public:
  static constexpr std::size_t kMost = 10'000;

  // first <= seq <= last are gone; some of them may be known already.
  void add(Seq first, Seq last);
  // The log begins with `oldest` now.
  void forget_before(Seq oldest);
  // How many numbers from `first` to `last` are gone.
  [[nodiscard]] std::uint64_t count(Seq first, Seq last) const;

 private:
  struct Range {
    Seq first;
    Seq last;
  };
  std::vector<Range> ranges_;  // in order, apart from each other
};

}  // namespace watchpost::spool

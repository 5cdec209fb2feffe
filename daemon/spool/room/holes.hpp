// Holes: the numbers between the oldest and the newest of a log that no record has any more.
// Why: a number is given once, so what damage took leaves a hole; whoever counts records by
// subtracting numbers would count what is gone.
// Promise: counts exactly, up to kMost ranges for a log; of a log with more, the ranges beyond the
// bound count as stored. Pure; spool thread, and a copy on the I/O thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "model/seq_range.hpp"

namespace watchpost::spool {

class Holes {
 public:
  static constexpr std::size_t kMost = 10'000;

  // Some of them may be known already.
  void add(SeqRange gone);
  // The log begins with `oldest` now.
  void forget_before(Seq oldest);
  // How many numbers of the range are gone.
  [[nodiscard]] std::uint64_t count(SeqRange range) const;

 private:
  std::vector<SeqRange> ranges_;  // in order, apart from each other
};

}  // namespace watchpost::spool

// Batching: which records of one class may share a publication.
// Why: a batch that is refused, breaks the link or stays unconfirmed says neither which of its
// records is at fault nor whether it is the batch itself.
// Promise: after a batch failed, each of its records goes by itself, so that the answer is about
// that record alone. Where batches fail again with nothing delivered past those records, ever more
// records go by themselves: an upstream that takes no batches costs few refusals, and one that
// learns to take them is noticed. Pure. Used by Lane, on the I/O thread.
#pragma once

#include <algorithm>
#include <cstdint>

#include "model/record.hpp"

namespace watchpost::upstream {

class Batching {
 public:
  static constexpr std::uint64_t kFirstMore = 1'000;
  static constexpr std::uint64_t kMostMore = 1'000'000;

  [[nodiscard]] bool may_share(Seq seq) const { return seq > singly_to_; }
  // A batch up to this record failed.
  void failed(Seq last) { failed_to_ = std::max(failed_to_, last); }
  // All is sent again from the cursor. Batches that failed together count once.
  void begin_again() {
    if (failed_to_ <= singly_to_) return;
    singly_to_ = Seq{failed_to_.value + more_};
    more_ = std::clamp(more_ * 2, kFirstMore, kMostMore);
  }
  void delivered(Seq cursor) {
    if (cursor > singly_to_) more_ = 0;
  }

 private:
  Seq failed_to_;
  Seq singly_to_;
  std::uint64_t more_ = 0;  // after the next failure so many more records go by themselves
};

}  // namespace watchpost::upstream

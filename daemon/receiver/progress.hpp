// Progress: which numbers of one stream (gateway, epoch, class) need not be waited for any more.
// Promise: contiguous() never passes a number that was not added, whatever the order, repeats and
// overlaps; it is as high as the numbers allow while is_partial() is false. Memory is bounded: past
// kMostIslands the highest are forgotten, contiguous() only stays behind, and whoever keeps the
// numbers adds them again. Pure; one thread at a time.
#pragma once

#include <cstddef>
#include <map>
#include <vector>

#include "base/strong.hpp"
#include "model/seq_range.hpp"

namespace watchpost::receiver {

class Progress {
 public:
  static constexpr std::size_t kMostIslands = 4'096;

  Progress() = default;
  // Everything up to here was added before.
  explicit Progress(Seq contiguous) : contiguous_(contiguous) {}

  void add(const SeqRange& range);
  void add(Seq number) { add(SeqRange{number, number}); }

  // 0: number 1 is still to come.
  [[nodiscard]] Seq contiguous() const { return contiguous_; }
  // What was not added between 1 and `last`, lowest first; at most `most` ranges.
  [[nodiscard]] std::vector<SeqRange> holes(Seq last, std::size_t most) const;
  // Some numbers were forgotten, and there is room for them again.
  [[nodiscard]] bool wants_rebuilding() const {
    return partial_ && islands_.size() <= kMostIslands / 2;
  }
  [[nodiscard]] bool is_partial() const { return partial_; }

 private:
  void join_contiguous();

  Seq contiguous_;
  std::map<Seq, Seq> islands_;  // first to last, apart from each other and from contiguous_
  bool partial_ = false;
};

}  // namespace watchpost::receiver

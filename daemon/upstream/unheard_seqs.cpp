#include "upstream/unheard_seqs.hpp"

#include <algorithm>

namespace watchpost::upstream {

UnheardSeqs::Ranges::iterator UnheardSeqs::range_of(Seq seq) {
  const auto after = ranges_.upper_bound(seq);
  if (after == ranges_.begin()) return ranges_.end();
  const auto range = std::prev(after);
  return seq <= range->second ? range : ranges_.end();
}

bool UnheardSeqs::contains(Seq seq) const {
  const auto after = ranges_.upper_bound(seq);
  return after != ranges_.begin() && seq <= std::prev(after)->second;
}

void UnheardSeqs::add(Seq seq) {
  if (contains(seq)) return;
  ++count_;
  Seq first = seq;
  Seq last = seq;
  const auto after = ranges_.find(seq.next());
  if (after != ranges_.end()) {
    last = after->second;
    ranges_.erase(after);
  }
  const auto before = range_of(Seq{seq.value - 1});
  if (before != ranges_.end()) {
    first = before->first;
    ranges_.erase(before);
  }
  ranges_.emplace(first, last);
  if (ranges_.size() > kMostRanges) join_front();
}

void UnheardSeqs::join_front() {
  const auto second = std::next(ranges_.begin());
  const Seq last = second->second;
  count_ += second->first.value - ranges_.begin()->second.value - 1;
  ranges_.erase(second);
  ranges_.begin()->second = last;
}

void UnheardSeqs::remove(Seq seq) {
  const auto range = range_of(seq);
  if (range == ranges_.end()) return;
  const auto [first, last] = *range;
  ranges_.erase(range);
  --count_;
  if (first < seq) ranges_.emplace(first, Seq{seq.value - 1});
  if (seq < last) ranges_.emplace(seq.next(), last);
}

void UnheardSeqs::forget_up_to(Seq last) {
  while (!ranges_.empty() && ranges_.begin()->first <= last) {
    const auto [first, end] = *ranges_.begin();
    ranges_.erase(ranges_.begin());
    count_ -= std::min(last, end).value - first.value + 1;
    if (last < end) ranges_.emplace(last.next(), end);
  }
}

std::optional<Seq> UnheardSeqs::next_after(Seq after) const {
  if (contains(after.next())) return after.next();
  const auto range = ranges_.upper_bound(after);
  if (range == ranges_.end()) return std::nullopt;
  return range->first;
}

Seq UnheardSeqs::clear_up_to(Seq all) const {
  if (ranges_.empty()) return all;
  return std::min(all, Seq{ranges_.begin()->first.value - 1});
}

}  // namespace watchpost::upstream

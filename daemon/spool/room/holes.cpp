#include "spool/room/holes.hpp"

#include <algorithm>

namespace watchpost::spool {

void Holes::add(Seq first, Seq last) {
  if (last < first) return;
  const auto begin = std::find_if(ranges_.begin(), ranges_.end(),
                                  [&](const Range& range) { return first <= range.last.next(); });
  const auto end = std::find_if(begin, ranges_.end(),
                                [&](const Range& range) { return range.first > last.next(); });
  if (begin == end) {
    if (ranges_.size() < kMost) ranges_.insert(begin, {first, last});
    return;
  }
  begin->first = std::min(begin->first, first);
  begin->last = std::max((end - 1)->last, last);
  ranges_.erase(begin + 1, end);
}

void Holes::forget_before(Seq oldest) {
  std::erase_if(ranges_, [oldest](const Range& range) { return range.last < oldest; });
}

std::uint64_t Holes::count(Seq first, Seq last) const {
  std::uint64_t gone = 0;
  for (const Range& range : ranges_) {
    const Seq from = std::max(range.first, first);
    const Seq to = std::min(range.last, last);
    if (from <= to) gone += to.value - from.value + 1;
  }
  return gone;
}

}  // namespace watchpost::spool

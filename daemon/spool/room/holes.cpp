#include "spool/room/holes.hpp"

#include <algorithm>

namespace watchpost::spool {

void Holes::add(SeqRange gone) {
  if (gone.last < gone.first) return;
  const auto begin = std::find_if(ranges_.begin(), ranges_.end(), [&](const SeqRange& range) {
    return gone.first <= range.last.next();
  });
  const auto end = std::find_if(
      begin, ranges_.end(), [&](const SeqRange& range) { return range.first > gone.last.next(); });
  if (begin == end) {
    if (ranges_.size() < kMost) ranges_.insert(begin, gone);
    return;
  }
  begin->first = std::min(begin->first, gone.first);
  begin->last = std::max((end - 1)->last, gone.last);
  ranges_.erase(begin + 1, end);
}

void Holes::forget_before(Seq oldest) {
  std::erase_if(ranges_, [oldest](const SeqRange& range) { return range.last < oldest; });
}

std::uint64_t Holes::count(SeqRange range) const {
  std::uint64_t gone = 0;
  for (const SeqRange& each : ranges_) {
    const Seq from = std::max(each.first, range.first);
    const Seq to = std::min(each.last, range.last);
    if (from <= to) gone += to.value - from.value + 1;
  }
  return gone;
}

}  // namespace watchpost::spool

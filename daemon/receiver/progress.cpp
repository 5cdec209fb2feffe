#include "receiver/progress.hpp"

#include <algorithm>
#include <iterator>

namespace watchpost::receiver {

void Progress::add(const SeqRange& range) {
  if (range.last < range.first || range.last <= contiguous_) return;
  SeqRange grown{std::max(range.first, contiguous_.next()), range.last};
  // Islands that overlap or touch become one with it.
  auto next = islands_.lower_bound(grown.first);
  if (next != islands_.begin() && std::prev(next)->second.next() >= grown.first) --next;
  while (next != islands_.end() && next->first <= grown.last.next()) {
    grown.first = std::min(grown.first, next->first);
    grown.last = std::max(grown.last, next->second);
    next = islands_.erase(next);
  }
  islands_.emplace(grown.first, grown.last);
  join_contiguous();
  if (islands_.size() > kMostIslands) {
    islands_.erase(std::prev(islands_.end()));
    partial_ = true;
  }
}

void Progress::join_contiguous() {
  const auto lowest = islands_.begin();
  if (lowest == islands_.end() || lowest->first != contiguous_.next()) return;
  contiguous_ = lowest->second;
  islands_.erase(lowest);
}

std::vector<SeqRange> Progress::holes(Seq last, std::size_t most) const {
  std::vector<SeqRange> found;
  Seq from = contiguous_.next();
  for (const auto& [first, end] : islands_) {
    if (from > last || found.size() == most) break;
    found.push_back({from, std::min(last, Seq{first.value - 1})});
    from = end.next();
  }
  if (from <= last && found.size() < most) found.push_back({from, last});
  return found;
}

}  // namespace watchpost::receiver

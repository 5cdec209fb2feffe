#include "receiver/gap_watch.hpp"

#include <algorithm>
#include <utility>

namespace watchpost::receiver {
namespace {

// A gap only shrinks, or falls apart as its numbers come.
bool is_part_of(const OpenGap& part, const OpenGap& whole) {
  return part.range.first >= whole.range.first && part.range.last <= whole.range.last &&
         part.event_class == whole.event_class && part.epoch == whole.epoch &&
         part.source == whole.source;
}

}  // namespace

std::vector<OpenGap> GapWatch::look(const Survey& survey, SteadyTime now) {
  std::vector<OpenGap> to_tell;
  std::vector<Seen> seen;
  seen.reserve(survey.gaps.size());
  for (const OpenGap& gap : survey.gaps) {
    const auto known = std::find_if(seen_.begin(), seen_.end(), [&](const Seen& before) {
      return is_part_of(gap, before.gap);
    });
    Seen& one = seen.emplace_back(known == seen_.end() ? Seen{gap, now, false} : *known);
    one.gap = gap;
    if (one.told || now - one.since < kPatience) continue;
    one.told = true;
    to_tell.push_back(gap);
  }
  seen_ = std::move(seen);
  return to_tell;
}

}  // namespace watchpost::receiver

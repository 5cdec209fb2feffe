#include "spool/retention.hpp"

#include <algorithm>

namespace watchpost::spool {

std::optional<RemovalStep> next_removal(const PerClass<LogExtent>& logs, ByteCount used,
                                        ByteCount history, std::uint64_t budget) {
  if (used <= history || budget == 0) return std::nullopt;
  for (auto lowest = kEventClasses.rbegin(); lowest != kEventClasses.rend(); ++lowest) {
    const LogExtent& log = logs[index_of(*lowest)];
    if (log.oldest == Seq{}) continue;
    const Seq end = std::min({log.settled.next(), log.newest, Seq{log.oldest.value + budget}});
    if (log.oldest < end) return RemovalStep{*lowest, log.oldest, end};
  }
  return std::nullopt;
}

}  // namespace watchpost::spool

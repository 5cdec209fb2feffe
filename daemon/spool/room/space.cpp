#include "spool/room/space.hpp"

#include <algorithm>
#include <limits>

namespace watchpost::spool {
namespace {

// Pages for trees that split, cursors, the ledger and its events.
constexpr std::uint64_t kMostMargin = 256ULL << 10U;

constexpr Seq kNoLimit{std::numeric_limits<std::int64_t>::max()};

std::optional<Removal> front_of(const PerClass<LogExtent>& logs, EventClass event_class, Seq last,
                                std::uint64_t budget) {
  const LogExtent& log = logs[index_of(event_class)];
  if (log.oldest == Seq{} || budget == 0) return std::nullopt;
  const Seq end = std::min({last.next(), log.newest, Seq{log.oldest.value + budget}});
  if (log.oldest >= end) return std::nullopt;
  return Removal{event_class, log.oldest, end};
}

}  // namespace

std::uint64_t LogExtent::stored_after(Seq after) const {
  const Seq first = std::max(after.next(), oldest);
  if (oldest == Seq{} || first > newest) return 0;
  return newest.value - first.value + 1 - holes.count({.first = first, .last = newest});
}

SpaceLimits SpaceLimits::sane() const {
  SpaceLimits limits = *this;
  limits.reserve = std::min(reserve, ByteCount{quota.value / 4});
  const auto soft = limits.ceiling(EventClass::telemetry).value;
  limits.history = std::min(history, ByteCount{soft / 10 * 9});
  limits.client_queues = std::min(client_queues, ByteCount{quota.value / 4});
  limits.client_queue = std::min(client_queue, limits.client_queues);
  return limits;
}

ByteCount SpaceLimits::ceiling(EventClass event_class) const {
  const auto all = quota.value - std::min(quota.value / 16, kMostMargin);
  switch (event_class) {
    case EventClass::alarm:
      return ByteCount{all};
    case EventClass::patrol:
      return ByteCount{all - reserve.value / 4};
    case EventClass::status:
    case EventClass::telemetry:
      return ByteCount{all - reserve.value};
  }
  return {};
}

std::optional<Removal> next_delivered(const PerClass<LogExtent>& logs, std::uint64_t budget) {
  for (auto lowest = kEventClasses.rbegin(); lowest != kEventClasses.rend(); ++lowest) {
    const auto removal = front_of(logs, *lowest, logs[index_of(*lowest)].delivered, budget);
    if (removal) return removal;
  }
  return std::nullopt;
}

std::optional<Removal> next_yield(const PerClass<LogExtent>& logs, ByteCount wanted,
                                  std::uint64_t budget) {
  for (const auto event_class : {EventClass::telemetry, EventClass::status}) {
    const LogExtent& log = logs[index_of(event_class)];
    if (log.oldest == Seq{} || log.oldest >= log.newest) continue;
    const auto count = log.newest.value - log.oldest.value + 1;
    const auto each = std::max<std::uint64_t>(log.bytes().value / count, 1);
    return front_of(logs, event_class, kNoLimit, std::min(budget, wanted.value / each + 1));
  }
  return std::nullopt;
}

}  // namespace watchpost::spool

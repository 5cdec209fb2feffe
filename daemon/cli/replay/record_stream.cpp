#include "cli/replay/record_stream.hpp"

namespace watchpost::cli {
namespace {

constexpr std::size_t kPage = 256;

}  // namespace

// By halves: in a log, a later number is a later time, but for a clock that was set.
Result<Seq> RecordStream::place_of(EventClass event_class, WallTime from) {
  const auto newest = pages_.newest(event_class);
  if (!newest) return newest.error();
  std::uint64_t low = 0;
  std::uint64_t high = newest->value;
  while (high - low > kPage) {
    const std::uint64_t middle = low + (high - low) / 2;
    std::optional<WallTime> found;
    const auto read = pages_.for_each_after(event_class, Seq{middle}, [&](const Record& record) {
      if (record.clock == ClockQuality::unset) return true;
      found = record.received_at;
      return false;
    });
    if (!read) return read.error();
    if (found && *found < from) {
      low = middle;
    } else {
      high = middle;
    }
  }
  return Seq{low};
}

Result<void> RecordStream::seek(WallTime from) {
  for (const EventClass event_class : kEventClasses) {
    const auto place = place_of(event_class, from);
    if (!place) return place.error();
    Lane& lane = lanes_[index_of(event_class)];
    lane = {event_class, *place, {}, false};
  }
  return {};
}

Result<void> RecordStream::fill(Lane& lane) {
  while (lane.page.empty() && !lane.is_at_end) {
    std::size_t seen = 0;
    const auto read =
        pages_.for_each_after(lane.event_class, lane.after, [&](const Record& record) {
          ++seen;
          lane.after = record.seq;
          if (record.clock == ClockQuality::unset) {
            ++without_time_;
          } else {
            lane.page.push_back(record);
          }
          return seen < kPage;
        });
    if (!read) return read.error();
    lane.is_at_end = seen == 0;
  }
  return {};
}

Result<std::optional<Record>> RecordStream::next() {
  Lane* first = nullptr;
  for (Lane& lane : lanes_) {
    if (auto filled = fill(lane); !filled) return filled.error();
    if (lane.page.empty()) continue;
    const bool is_earlier =
        first == nullptr || lane.page.front().received_at < first->page.front().received_at;
    if (is_earlier) first = &lane;
  }
  if (first == nullptr) return std::optional<Record>{};
  std::optional<Record> record(std::move(first->page.front()));
  first->page.pop_front();
  return record;
}

}  // namespace watchpost::cli

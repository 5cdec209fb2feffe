// RecordStream: the records of all classes in the order in which they were received.
// Promise: a page of each class in memory; what has no time, since the clock was unset, is left out
// and counted. A clock that was set back shows its records where they stand in their log. Any one
// thread.
#pragma once

#include <deque>
#include <vector>

#include "spool/reader/record_pages.hpp"

namespace watchpost::cli {

class RecordStream {
 public:
  explicit RecordStream(spool::RecordPages& pages) : pages_(pages) {}

  // Begins a little before the first record of that time.
  [[nodiscard]] Result<void> seek(WallTime from);
  // Nothing: that was all.
  [[nodiscard]] Result<std::optional<Record>> next();
  [[nodiscard]] std::uint64_t without_time() const { return without_time_; }

 private:
  struct Lane {
    EventClass event_class = EventClass::telemetry;
    Seq after{};
    std::deque<Record> page{};
    bool is_at_end = false;
  };
  [[nodiscard]] Result<void> fill(Lane& lane);
  [[nodiscard]] Result<Seq> place_of(EventClass event_class, WallTime from);

  spool::RecordPages& pages_;
  PerClass<Lane> lanes_{};
  std::uint64_t without_time_ = 0;
};

}  // namespace watchpost::cli

// EventQuery: which events GET /v1/events and GET /v1/export ask for.
// Promise: a query that is not understood is refused with a sentence, never guessed. Pure; any
// thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "model/record.hpp"

namespace watchpost::console {

struct EventQuery {
  bool from_oldest = false;  // begin with the oldest stored record
  std::uint64_t newest = 0;  // begin so many records of each class before the newest
  bool ends = false;         // end with the newest record at the time of the question
  bool by_class = false;     // alarms first, then patrols, ...; else by time
  bool counts = false;       // a last line has the number of events
  // Range of an export: from <= time < to.
  std::optional<WallTime> from;
  std::optional<WallTime> to;
  std::optional<EventClass> event_class;
  bool by_observed_time = false;  // where nothing was observed, by received time
  // Records whose clock was unset have times that mean nothing: an export has all of them, or none.
  bool unset_clock = false;

  [[nodiscard]] bool wants(EventClass candidate) const {
    return !event_class || *event_class == candidate;
  }
  [[nodiscard]] bool wants(const Record& record) const;
  // The position after which the reading of each class begins.
  [[nodiscard]] PerClass<Seq> begin(const PerClass<Seq>& newest_now) const;
};

// Makes the last line of an export, {"exported":N,"unset_clock":N}; unset_clock counts the records
// that were left out.
class ExportCount {
 public:
  void add(const Record& record, bool wanted);
  [[nodiscard]] std::string line() const;

 private:
  std::uint64_t exported_ = 0;
  std::uint64_t unset_clock_ = 0;
};

// "/v1/events", "/v1/events?from=oldest&class=alarm", "/v1/events?newest=10&follow=no",
// "/v1/export?from=2026-11-23T00:00:00Z&to=…&class=alarm&time=observed&unset=include"
[[nodiscard]] Result<EventQuery> event_query_from(std::string_view target);

}  // namespace watchpost::console

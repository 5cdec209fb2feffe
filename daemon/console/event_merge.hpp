// EventMerge: the records of all classes in the order in which they were received.
// Or, where the query says so, class by class. Promise: within a class in the order of their
// numbers, whatever the clock did; between classes by time, at the same time the more urgent first.
// Holds one page of each class at most. Pure.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "console/event_query.hpp"
#include "model/record.hpp"

namespace watchpost::console {

class EventMerge {
 public:
  explicit EventMerge(EventQuery query, const PerClass<Seq>& after)
      : query_(std::move(query)), read_to_(after) {}

  struct Read {
    EventClass event_class = EventClass::alarm;
    Seq after;
  };
  // What must be read before next() can tell; nothing: next() can.
  [[nodiscard]] std::optional<Read> next_read(const PerClass<Seq>& newest) const;
  // `records`: what came; empty where what is there up to `newest` cannot be read or is gone.
  void answered(EventClass event_class, const std::vector<SharedRecord>& records, Seq newest);
  [[nodiscard]] bool is_empty() const;
  // Nothing: all was given, up to what answered() brought.
  [[nodiscard]] SharedRecord next();

 private:
  EventQuery query_;
  PerClass<Seq> read_to_;
  PerClass<std::deque<SharedRecord>> pages_;
};

}  // namespace watchpost::console

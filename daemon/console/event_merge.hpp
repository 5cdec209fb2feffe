// EventMerge: the records of all classes in the order in which they were received, or class by
// class where the query says so.
// Promise: within a class records come in the order of their numbers, whatever the clock did;
// between classes in the order of time, and at the same time the more urgent class first. Holds one
// page of each class at most. Pure.
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
  // The read that is needed before next() can answer; nothing where none is needed.
  [[nodiscard]] std::optional<Read> next_read(const PerClass<Seq>& newest) const;
  // `records`: the answer to the read; empty where the records up to `newest` cannot be read or are
  // gone.
  void answered(EventClass event_class, const std::vector<SharedRecord>& records, Seq newest);
  [[nodiscard]] bool is_empty() const;
  // The next record; nothing where every record that answered() brought was given.
  [[nodiscard]] SharedRecord next();

 private:
  EventQuery query_;
  PerClass<Seq> read_to_;
  PerClass<std::deque<SharedRecord>> pages_;
};

}  // namespace watchpost::console

// Salvaged: what a salvage has learnt from the rows it met, kept or not.
// Promise: `highest` names every number of which anything tells that it was given. Plain values;
// filled by the tables, read by the salvage.
#pragma once

#include <algorithm>
#include <functional>
#include <optional>
#include <vector>

#include "spool/queue/commit_group.hpp"

namespace watchpost::spool {

// One row of the table `store`.
struct StoreRow {
  Epoch epoch;
  PerClass<Seq> first{};  // where it begins in each log
};

struct Salvaged {
  std::optional<StoreRow> store;      // the first found, which is the newest
  PerClass<Seq> highest{};            // of the numbers that were given
  Epoch newest_epoch;                 // of the record with the highest number
  Seq newest;                         // that number
  std::uint64_t records = 0;          // rows kept
  PerClass<Seq> last_row{};           // the highest number with a row
  std::vector<Loss> holes;            // ranges without a row between two rows
  std::function<void()> still_at_it;  // called now and then, so that nobody takes it for stuck

  void note_number(EventClass event_class, Seq seq) {
    Seq& known = highest[index_of(event_class)];
    known = std::max(known, seq);
  }
};

// The records for which the new store has room: those down to this class; nothing: no records.
struct Wanted {
  std::optional<EventClass> down_to = EventClass::telemetry;
};

}  // namespace watchpost::spool

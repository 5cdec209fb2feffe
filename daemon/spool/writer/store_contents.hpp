// StoreContents: what is known in memory of the store: small tables whole, logs by their ends.
// Promise: it is what the last commit left on disk; while a transaction runs, what that one would
// leave. Plain values; spool thread.
#pragma once

#include <string>
#include <vector>

#include "base/log.hpp"
#include "model/fact.hpp"
#include "spool/room/queue_totals.hpp"
#include "spool/room/space.hpp"
#include "spool/writer/kept_for.hpp"
#include "spool/writer/open_store.hpp"

namespace watchpost::spool {

struct StoreContents {
  Epoch run_epoch;        // of all that this start appends; no other start has it
  Epoch epoch;            // the store's: of an earlier start until something is appended
  PerClass<Seq> first{};  // where that one begins in each log
  PerClass<LogExtent> logs{};
  Cursors cursors;
  StoredFacts facts;                  // as they were when the store was opened
  PerClass<std::uint64_t> dropped{};  // numbers in the drop ledger
  SetAsideCounts set_aside;
  QueueTotals queues;
  bool queues_are_counted = false;   // once: where it opens again they are what they were
  std::uint64_t last_set_aside = 0;  // no id twice: it may be asked to be taken back late

  // Moves the cursors as committed, and with them what is delivered: see KeptFor.
  void apply(const std::vector<CursorMove>& moves, const KeptFor& kept_for);
  [[nodiscard]] PerClass<Seq> newest() const;
  // Where the epoch of this start begins, also while nothing was appended.
  [[nodiscard]] PerClass<Seq> run_first() const;
};

[[nodiscard]] Result<StoreContents> read_contents(OpenStore& store, const KeptFor& kept_for,
                                                  Log& log);
// Counts what waits for subscribers, and tells each session how far that goes.
[[nodiscard]] Result<void> count_queues(OpenStore& store, StoreContents& contents);
// Counts the copies anew, after one of them was taken back.
[[nodiscard]] Result<void> count_set_aside(OpenStore& store, StoreContents& contents);

}  // namespace watchpost::spool

// Transaction: what one transaction of the store writes and removes, row by row.
// Promise: numbers are given here and nowhere else, dense within each class; what is dropped or
// lost is a row of the ledger and an event upstream in the same transaction (promise 4). It
// begins and commits nothing itself; where a part fails, its owner rolls back and puts back the
// contents it had before. Spool thread.
#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "spool/queue/commit_group.hpp"
#include "spool/tables/gateway_record.hpp"
#include "spool/writer/store_contents.hpp"

namespace watchpost::spool {

class Transaction {
 public:
  // All outlive it. `now`: when something is noted.
  Transaction(OpenStore& store, StoreContents& contents, const std::function<Moment()>& now)
      : store_(store), contents_(contents), now_(now) {}

  // Gives the record its epoch and number. In front of the first one of this start its epoch begins
  // (decision 0023), so that no number is ever given under the epoch of an earlier start.
  [[nodiscard]] Result<void> insert(Record& record);
  [[nodiscard]] Result<void> begin_run(std::string_view reason);
  // Every number from here on is of `change.epoch`; an event tells upstream.
  [[nodiscard]] Result<void> begin_epoch(NewEpoch change);
  [[nodiscard]] Result<void> write(const Fact& fact);
  [[nodiscard]] Result<void> write(const Notes& notes);
  [[nodiscard]] Result<void> write(const Loss& loss);
  [[nodiscard]] Result<void> write(const std::vector<CursorMove>& moves);
  // While the rows beside the range are still there: they tell in which epoch its numbers were
  // given.
  [[nodiscard]] Result<void> drop(Drop drop);
  [[nodiscard]] Result<void> remove(const Removal& removal);
  // Messages that wait for a subscriber yield. Returns how many there were.
  [[nodiscard]] Result<std::uint64_t> drop_queued(const QueueTable::Oldest& which) {
    return store_.tables().queue.remove_oldest(which, contents_.queues);
  }
  // Ledger and events for what was dropped so far.
  [[nodiscard]] Result<void> write_drops();

  [[nodiscard]] const std::vector<Drop>& drops() const { return drops_; }
  [[nodiscard]] OpenStore& store() { return store_; }
  [[nodiscard]] const StoreContents& contents() const { return contents_; }
  [[nodiscard]] const QueueTotals& queues() const { return contents_.queues; }

 private:
  [[nodiscard]] Result<void> account_for_relayed(EventClass event_class);
  [[nodiscard]] Result<void> write(const SetAsideCopy& copy);
  [[nodiscard]] Result<void> write(const TakeBack& taken);
  [[nodiscard]] Result<void> write(const Drop& drop);
  [[nodiscard]] Result<void> cut_to_epoch(Drop& drop);
  [[nodiscard]] LogExtent& log(EventClass event_class) {
    return contents_.logs[index_of(event_class)];
  }

  OpenStore& store_;
  StoreContents& contents_;
  const std::function<Moment()>& now_;
  std::vector<Drop> drops_;
  std::size_t drops_written_ = 0;
};

}  // namespace watchpost::spool

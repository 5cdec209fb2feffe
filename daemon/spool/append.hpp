// Append: what is handed to the spool at once, and who is told what became of it.
// Promise: the author is told before the sender, so that what the daemon believes is never behind
// what a sensor was told. I/O thread, but for what the spool thread fills in while a group is its
// own: the records' numbers and `refusal`.
#pragma once

#include <memory>
#include <vector>

#include "base/result.hpp"
#include "model/alarm_event.hpp"
#include "model/custody.hpp"
#include "model/fact.hpp"
#include "model/record.hpp"

namespace watchpost::spool {

// The steps of judgement that an append carries, or was judged upon (model/alarm.hpp: StepNumber).
// Such appends are committed in the order in which they were handed over. Where one was not kept,
// all are refused that were handed over before judgement heard of it: they rest on what is not so.
struct JudgedSteps {
  // The record of the message that a step judged.
  struct Evidence {
    StepNumber step;
    std::size_t record = 0;  // place in Append::records
  };
  // A transition that is to name its evidence, whose numbers are given at the commit.
  struct Told {
    std::size_t record = 0;
    Transition transition;
    AlarmWhere where;
  };
  StepNumber last{};     // the newest whose facts are here; 0: judged upon others only
  StepNumber settled{};  // what became of all up to this one judgement has heard
  std::vector<Evidence> evidence{};
  std::vector<Told> transitions{};
};

struct Append;

// Who made an append and keeps something of it in memory: what it believes must not run ahead of
// the disk.
class AppendAuthor {
 public:
  virtual ~AppendAuthor() = default;
  // What became of it, once, before its ticket is settled. Of a success the records have their
  // numbers; after a failure nothing of the append is in the store.
  virtual void settled(const Append& append, const Result<void>& outcome) = 0;
};

// What one message causes: committed together or not at all. What rests on steps of another append
// (`steps`, decision 0055) is refused where that one was not kept.
struct Append {
  std::vector<Record> records;  // epoch and `seq` are given at commit
  std::vector<Fact> facts;
  CustodyTicket ticket;
  std::shared_ptr<AppendAuthor> author{};  // null: nobody needs to know
  // Its sender says that it may have sent this before.
  bool repeated = false;
  // A pointer, because few are refused and many wait: an append is half as large with it.
  // Set by the store where this one was not kept although others of its group were: no room. What
  // is handed over with it set, and without records, is only answered, in its turn.
  std::shared_ptr<const Failure> refusal{};
  // Null: judgement has nothing to do with it.
  std::shared_ptr<const JudgedSteps> steps{};

  // Nothing is to be kept and nothing is wrong: settled soon, with success, and without a commit.
  [[nodiscard]] bool is_empty() const {
    return records.empty() && facts.empty() && !refusal && !steps;
  }
};

}  // namespace watchpost::spool

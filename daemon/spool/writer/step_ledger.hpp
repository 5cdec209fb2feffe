// StepLedger: which steps of judgement were not kept, and which numbers the records have that later
// steps name.
// Promise: nothing is written that rests on a step that was not kept; a row that is written names
// its evidence by the numbers of the commit that holds it or of one before. Memory is bounded by
// what is under way. Spool thread.
#pragma once

#include <map>

#include "spool/queue/commit_group.hpp"

namespace watchpost::spool {

class StepLedger {
 public:
  // Sets the refusal of each append that rests on one that is not kept. Before a group is written,
  // and again where it is tried once more.
  void refuse_what_rests(CommitGroup& group) const;
  // What became of the group. `is_kept`: all but the refused.
  void settled(const CommitGroup& group, bool is_kept);

  // This record of the append, by its place, has its number.
  void number(const Append& append, std::size_t record);
  // As it is to be written: with the numbers of its evidence.
  [[nodiscard]] SharedAlarm numbered(const SharedAlarm& alarm) const;
  // Before this record is written: where it is a transition, it names its evidence.
  void name_evidence(Append& append, std::size_t record) const;

 private:
  StepNumber failed_{};  // the newest that was not kept
  std::map<StepNumber, Evidence> records_;
};

}  // namespace watchpost::spool

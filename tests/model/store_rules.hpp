// The rules of custody, as a check between two states of a store: may the second follow the first
// by these commits? Stated here a second time and in other words than in daemon/spool.
// Promise: an answer other than empty says which rule is broken, by which record.
// Pure.
#pragma once

#include <string>
#include <vector>

#include "model/store_state.hpp"
#include "spool/queue/batch.hpp"

namespace watchpost::model {

struct Commits {
  std::vector<spool::Append> appends;  // in order
  std::vector<spool::CursorMove> moves;
  std::vector<spool::SetAsideCopy> set_aside;
  std::vector<spool::TakeBack> taken_back;
  // Of a commit that failed nobody knows which of its appends there was room for.
  bool knows_refusals = true;

  // `epoch`: of the start that commits; every record that is added gets it.
  void add(const spool::Batch& batch, const Epoch& epoch);
};

struct Rules {
  std::vector<std::string> required_upstreams;
};

// Empty: `after` is `before` with all of the commits, and what of them was there room for.
[[nodiscard]] std::string why_not(const StoreState& before, const Commits& commits,
                                  const StoreState& after, const Rules& rules);

}  // namespace watchpost::model

// The rules of custody, as a check of two states of a store: may the second state follow the first
// by these commits? The rules are stated here a second time, in other words than in daemon/spool.
// Promise: an answer that is not empty says which record broke which rule.
// Pure.
#pragma once

#include <string>
#include <vector>

#include "model/store_state.hpp"
#include "spool/queue/commit_group.hpp"

namespace watchpost::model {

struct Commits {
  std::vector<spool::Append> appends;  // in the order in which they were committed
  std::vector<spool::CursorMove> moves;
  std::vector<spool::SetAsideCopy> set_aside;
  std::vector<spool::TakeBack> taken_back;
  // False for a commit that failed: nobody knows for which of its appends there was room.
  bool knows_refusals = true;

  // `epoch`: the epoch of the start that commits; every added record gets it.
  void add(const spool::CommitGroup& group, const Epoch& epoch);
};

struct Rules {
  std::vector<std::string> required_upstreams;
};

// Empty where `after` is `before` with all of the commits, as far as there was room for them.
[[nodiscard]] std::string why_not(const StoreState& before, const Commits& commits,
                                  const StoreState& after, const Rules& rules);

}  // namespace watchpost::model

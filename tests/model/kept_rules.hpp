// The rules of what judgement keeps: may the rows of a store be these, by what was committed, and
// do they say what its records say?
// Promise: an answer that is not empty names the alarm, device or command. What the rules say of
// rows and records is in kept_rules.cpp, each rule as a function.
// Pure.
#pragma once

#include <string>

#include "model/store_rules.hpp"

namespace watchpost::model {

// Empty where the rows of `after` are those of `before` with the facts of the commits, and where
// both the rows and what is new of them are told by the records of `after`.
[[nodiscard]] std::string why_not_kept(const StoreState& before, const Commits& commits,
                                       const StoreState& after);

// Empty where what was read at a start is what is on disk, and where a judgement that goes on from
// it shows all open alarms of the disk and no other.
[[nodiscard]] std::string why_not_recalled(const KeptJudgement& on_disk,
                                           const StoredJudgement& recalled);

}  // namespace watchpost::model

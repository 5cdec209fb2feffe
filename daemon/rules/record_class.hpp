// record_class: of which class the record of a message is, by what the message did.
// Promise: what raised, worsened or ended an alarm is of class alarm, what repeats one is not.
// Pure; any thread.
#pragma once

#include "rules/episodes.hpp"
#include "rules/verdict.hpp"

namespace watchpost::rules {

// Of the record of a signal by itself, as judge(Observation) has it of a device's own word.
[[nodiscard]] Verdict verdict_of(const Signal& signal);
// `verdict`: with what the message changed.
void classify(Verdict& verdict, const Outcome& outcome);

}  // namespace watchpost::rules

// Episodes: what a signal does to the alarm of its source.
// Promise: one alarm an episode, however often it is said; a late record and a retained copy raise,
// acknowledge, close and mute nothing. I/O thread only.
#pragma once

#include "rules/signal.hpp"
#include "rules/step.hpp"

namespace watchpost::rules {

struct Outcome {
  bool is_repeat = false;
  bool is_beyond = false;  // no room in the list, or among the late entries
};
// As its rule, its kind or the fault that it is has it.
[[nodiscard]] AlarmGrade declared_grade(const Signal& signal);
Outcome hear(Step& step, const Signal& signal);

}  // namespace watchpost::rules

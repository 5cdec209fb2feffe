// Corroboration: what one alarm says about others of its place.
// Promise: two fire detectors of one place make both red; an SOS beside a suspected fall confirms
// it. Neither acknowledges or closes anything. I/O thread only.
#pragma once

#include "rules/signal.hpp"
#include "rules/step.hpp"

namespace watchpost::rules {

// Two detectors that said so within this time speak of one fire.
inline constexpr std::chrono::minutes kTwoDetectors{10};
// Alarms that are looked at beside one.
inline constexpr std::size_t kMostBeside = 256;

// After `alarm` was raised or came back by `signal`.
void corroborate(Step& step, const Alarm& alarm, const Signal& signal);

}  // namespace watchpost::rules

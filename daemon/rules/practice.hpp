// Live tests and drills: which alarms are raised in one, and what becomes of them when it ends.
// Promise: what is outside of a scope is real; what is still there when a test or a drill ends is
// real from then on, and sounds. I/O thread only.
#pragma once

#include "rules/signal.hpp"
#include "rules/step.hpp"

namespace watchpost::rules {

// Marks what is said now as of a live test, of a drill or of neither: what is said outside of both
// is real, whatever was said before.
void mark_practice(AlarmMarks& marks, const Core& core, const Signal& signal, ServiceTime now);

// A danger that came through in a live test of its device is proven.
void note_proof(Step& step, const Alarm& alarm);

// A live test of `device` ends: its open alarms of the test are closed or turned real.
void end_live_test(Step& step, const std::string& device, const Actor& by);
// The drill ends: what it raised is closed or turned real, a bounded part with each call.
void end_drill(Step& step, const Actor& by);
void go_on_ending_drill(Step& step);

}  // namespace watchpost::rules

// deadlines: the time for which the box was off counts for what expires.
// Promise: the wall clock is asked only where a time service keeps it, when a deadline is written
// and when it is read; a clock that was set back makes nothing live longer than it was granted.
// Elsewhere expiry counts while the gateway runs (promise 7). Pure; I/O thread.
#pragma once

#include <vector>

#include "base/clock.hpp"
#include "model/fact.hpp"

namespace watchpost::routing {

// Adds the deadlines of retained messages, and sets the wall time of what has one already.
void add_deadlines(std::vector<Fact>& facts, const ClockReading& now);
// Shortens the lifetimes of what was stored by the time that has passed since.
void count_time_off(StoredFacts& facts, const ClockReading& now);
// The same for a message that a run before this one stored for a session. `start`: when this run
// began, from which it lives on.
void count_time_off(StoredQueued& queued, const ClockReading& start);

}  // namespace watchpost::routing

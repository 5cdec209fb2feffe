// Tick: does what is due by now (due.hpp says what, and when).
// Promise: a suspicion that nobody answered becomes an alarm, who does not answer is passed over,
// a shelving ends and sounds; nothing is acknowledged by it, and nothing closed or muted but what
// its device said to be over and which has held. A call does a bounded part; what is left is due at
// once. I/O thread only.
#pragma once

#include <optional>

#include "rules/step.hpp"

namespace watchpost::rules {

// Of live tests that end, and of alarms whose time it is.
inline constexpr std::size_t kMostInOneTick = 256;

void tick(Step& step);
// When something is due next; nothing: never.
[[nodiscard]] std::optional<ServiceTime> due_in(const Core& core);

}  // namespace watchpost::rules

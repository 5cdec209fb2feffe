// Sounding: what is heard now, of one alarm and of all.
// Promise: a silence mutes the sirens that sounded when it began, no other tone and nothing that
// came later. sounds() is pure, any thread; anything_sounds() is for the I/O thread.
#pragma once

#include "rules/core.hpp"

namespace watchpost::rules {

// The tone of an alarm (life_cycle.hpp), or none where its siren is silenced.
[[nodiscard]] Tone sounds(const Alarm& alarm, const AlarmPolicy& policy, const Duty& duty,
                          ServiceTime now);
// Whether a siren does, by what is on disk.
[[nodiscard]] bool anything_sounds(const Core& core, ServiceTime now);

}  // namespace watchpost::rules

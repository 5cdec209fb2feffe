// What sounds now: of one alarm, and of all. Promise: a silence mutes what sounded when it began,
// and nothing that came later. Pure; any thread.
#pragma once

#include "rules/core.hpp"

namespace watchpost::rules {

[[nodiscard]] Tone sounds(const Alarm& alarm, const AlarmPolicy& policy, const Duty& duty,
                          ServiceTime now);
// Any siren, by what is on disk.
[[nodiscard]] bool anything_sounds(const Core& core, ServiceTime now);

}  // namespace watchpost::rules

// Conditions: the dangers of a state as observations.
// Promise: one observation for each subject, in a fixed order; null or an unknown word is
// `unknown`; a mute, an empty action or a missing key never clears anything. What may be an alarm
// and is not understood is `unknown` and flagged "not_understood". Pure.
#pragma once

#include <deque>

#include "danger/findings.hpp"
#include "sdk/observation.hpp"

namespace watchpost::danger {

// Observations without device and time. `state` outlives what is returned.
[[nodiscard]] std::deque<sdk::Observation> conditions_of(const Findings& findings,
                                                         const sdk::json::object& state);

// The state that a saying declares; `testing`: the device says that it is under test.
[[nodiscard]] watchpost_state state_of(Saying saying, bool testing);

// Of a press that calls for help.
[[nodiscard]] sdk::Observation call_for_help(std::string_view action);

}  // namespace watchpost::danger

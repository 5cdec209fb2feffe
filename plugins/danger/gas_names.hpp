// Gas names: which gas a detector measures, and the steps of its alarm, as gas detectors say them:
// {"gas":"CO","status":"NORMAL"}, {"gasType":"CH4","alarmState":"低报"}, {"h2s":{"alarm":"A1"}}.
// Promise: a table; pure; any thread.
#pragma once

#include <string>
#include <string_view>

#include "danger/words.hpp"
#include "sdk/json.hpp"

namespace watchpost::danger {

// The name of the danger that "CO" is under "gas" or "gas type"; empty where the member says
// something else.
[[nodiscard]] std::string gas_named(std::string_view key, const sdk::json::value& value);
// True where more than the gas is said: that member then only names it.
[[nodiscard]] bool says_more_than_gas(const sdk::json::object& object);
// "A1", "low alarm", "二级报警": the gas is over a limit, whichever.
[[nodiscard]] bool is_step_of_alarm(Danger danger, std::string_view text);

}  // namespace watchpost::danger

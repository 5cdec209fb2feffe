// Status of a Shelly, generation 1 and 2.
// Promise: a null alarm is unknown; mute is not clear; a clock that was never set (unixtime 0 or
// null, `ts` an uptime) is no time. Pure.
#pragma once

#include "sdk/json.hpp"
#include "sdk/observation.hpp"

namespace watchpost::shelly {

// The state an alarm member declares: true, false, or null and missing.
[[nodiscard]] inline watchpost_state alarm_state(std::optional<bool> alarm) {
  return !alarm ? WATCHPOST_UNKNOWN : *alarm ? WATCHPOST_ALARM : WATCHPOST_NORMAL;
}

// shellies/<id>/info. False where nothing in it is known.
bool read_info(const sdk::json::object& info, sdk::Observation& observation);
// shellies/<id>/sensor/<name> with a bare value. False where the name is not known.
bool read_sensor(std::string_view name, std::string_view value, sdk::Observation& observation);

// `components` of generation 2: {"smoke:0":{..},"devicepower:0":{..}}. False where none is known.
bool read_components(const sdk::json::object& components, sdk::Observation& observation);
bool read_component(std::string_view name, const sdk::json::object& component,
                    sdk::Observation& observation);

}  // namespace watchpost::shelly

// GX alarms: what Victron's GX devices (Venus OS) publish of their alarms, a topic for each:
// "N/<portal>/tank/3/Alarms/High/State" with {"value":2}.
// Promise: 0 is well, 1 a warning, 2 an alarm, as the wiki of Venus OS has it; only heat, and the
// level of a tank, are dangers of ours; voltages, loads, fuses and the grid stay as they are. A
// warning of an inverter or a charger that is warm at work is none. Pure; any thread.
#pragma once

#include <optional>
#include <string_view>

#include "sdk/json.hpp"

namespace watchpost::danger {

// {"high_temperature_alarm":"alarm"}; nothing for another topic.
[[nodiscard]] std::optional<sdk::json::object> gx_alarm_in(const sdk::json::value& message,
                                                           std::string_view topic);

}  // namespace watchpost::danger

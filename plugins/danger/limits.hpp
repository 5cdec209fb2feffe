// Limits of a device's own that are passed, in words: {"warning_level":"exceeded"},
// {"above_alarm_level":true}, {"压力状态":"低报"}; and what a text says under a name that nobody
// knows.
// Promise: over a limit is an alarm; below one ("low alarm") is `unread`, so that it is loud: of a
// pressure it is a danger, and of another thing perhaps none. A battery, a temperature and a signal
// that are low say nothing here. Pure; any thread.
#pragma once

#include <string_view>

#include "danger/values.hpp"
#include "sdk/json.hpp"

namespace watchpost::danger {

[[nodiscard]] Saying limit_said(std::string_view name, const sdk::json::value& value);
// "low level", "pressure low": of what may be low, and be a danger then.
[[nodiscard]] bool is_low_of_something(std::string_view text);
// Of what is measured: "exceeded" is an alarm, "high" is `unread`.
[[nodiscard]] Saying over_said(std::string_view text);
// Of what such a limit is: of a level, where its name or a member beside it speaks of one.
[[nodiscard]] Danger limited(std::string_view name, const sdk::json::value& value,
                             const sdk::json::object& beside);
// "leakage detected", "火警": it tells what has happened, and is no name of a thing.
[[nodiscard]] bool tells_an_event(std::string_view text);
// False for a name under which stands what a thing is called, may do or once did.
[[nodiscard]] bool may_tell(std::string_view name);

}  // namespace watchpost::danger

// Plain events: what one text member tells by itself: {"report":"smoke"}, {"device_action":"leak
// detected"}, {"alarm_time":1678901234,"description":"检测到火苗"}.
// Promise: only a danger that leaves no doubt, and only under a name that no setting has; a
// description is one of an event where a time of an alarm stands beside it. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "danger/values.hpp"
#include "sdk/json.hpp"

namespace watchpost::danger {

// "smoke detected": a thing has no such name.
[[nodiscard]] bool tells_by_verb(std::string_view text);
// "smoke alarm", "fall": as an event it is one.
[[nodiscard]] bool says_danger(std::string_view text);
// "gas leak", "water level alarm": what happens, and is no name of what is measured.
[[nodiscard]] bool says_what_happened(std::string_view text);
// {"events":["SMOKE_ALARM_ON"]}, {"flags":["leak"]}: lists of what has happened, and not of what
// can.
// `element`: by the name of its list.
[[nodiscard]] bool lists_what_happened(const NamedText& element);
// The words of the event; nothing where the member tells none.
[[nodiscard]] std::optional<std::string> event_told_by(const NamedText& member,
                                                       const sdk::json::object& beside);

}  // namespace watchpost::danger

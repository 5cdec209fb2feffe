// alarm_row: an alarm as the text in which the store keeps its row, and back.
// Promise: what is read back equals what was written; a text that says anything else gives nothing.
// The form is the store's own: what goes upstream is alarm_event.hpp. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "model/alarm.hpp"

namespace watchpost {

[[nodiscard]] std::string row_text(const Alarm& alarm);
[[nodiscard]] std::optional<Alarm> alarm_from_row(std::string_view text);

}  // namespace watchpost

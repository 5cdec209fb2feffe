// Panels: an alarm panel says that it was triggered, and not by what: a burglar, smoke, a child. It
// is an alarm of nothing that is named, unless the message names it.
// Promise: only where the topic speaks of such a panel; a panel that is armed says nothing. Pure;
// any thread.
#pragma once

#include <string_view>

namespace watchpost::danger {

// "alarmo/state", "home/alarm_control_panel/main", "paradox/partitions/House".
[[nodiscard]] bool is_of_panel(std::string_view topic);
[[nodiscard]] bool says_triggered(std::string_view text);

}  // namespace watchpost::danger

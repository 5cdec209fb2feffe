// Levels of tanks, shafts and rivers, where a state in words says that the limit is passed:
// {"level_status":"overflow"}, "sump/status" says "high high".
// Promise: only under a name, or on a topic, that speaks of such a level, and never of a buffer, a
// battery or a log; "high" and "full" leave a doubt where the level may be wanted so. Pure; any
// thread.
#pragma once

#include <string_view>

#include "danger/values.hpp"

namespace watchpost::danger {

// True for a text that may say that a level is passed: a cheap question before the other.
[[nodiscard]] bool may_be_over(std::string_view text);
// What the text says of a level that its name speaks of: `alarm`, `unread` (high, which may be
// wanted), else `nothing`.
[[nodiscard]] Saying level_said(const NamedText& value);
// True for "tank/1" and "level_status", and for nothing that a computer fills.
[[nodiscard]] bool speaks_of_level(std::string_view name);

}  // namespace watchpost::danger

// Local time: a moment as a clock in this place shows it, with its offset.
// Promise: the zone of the environment (TZ, else the system's) decides. Pure, except for the zone.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace watchpost::cli {

// "2026-11-23T19:41:07.120+08:00".
[[nodiscard]] std::string local_time(WallTime time);
// The local time of an RFC 3339 text; any other text is returned as it is.
[[nodiscard]] std::string local_time(std::string_view rfc3339);

}  // namespace watchpost::cli

// Local time: a moment as the clock on the wall of this place shows it, with its offset.
// Promise: the zone of the environment (TZ, else the system's) decides. Pure but for that.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace watchpost::cli {

// "2026-11-23T19:41:07.120+08:00".
[[nodiscard]] std::string local_time(WallTime time);
// Of an RFC 3339 text; what is none is given back as it is.
[[nodiscard]] std::string local_time(std::string_view rfc3339);

}  // namespace watchpost::cli

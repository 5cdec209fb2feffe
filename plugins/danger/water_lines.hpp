// Water lines: sentences in which water, or rain, passes the line that somebody drew for it: "water
// level exceeds the warning line", "River Aa above danger mark".
// Promise: water, what holds it or rain is named, it is over, and what it is over is a limit or an
// alarm's line; a sentence that speaks of anything else too (a pump, a forecast, what would be) is
// none. Pure; any thread.
#pragma once

#include <string_view>

namespace watchpost::danger {

[[nodiscard]] bool passes_water_line(std::string_view sentence);
// "exceeds warning line", of which only the topic can say what does.
[[nodiscard]] bool passes_some_line(std::string_view sentence);

}  // namespace watchpost::danger

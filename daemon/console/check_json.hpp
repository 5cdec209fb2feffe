// check_json: what a check of the store found, for GET /v1/verify. Pure.
#pragma once

#include <string>

#include "console/live_check.hpp"

namespace watchpost::console {

// {"rows":1234} while it goes on, {"report":{…}} when complete, {"error":"…"} where it cannot look.
[[nodiscard]] std::string check_json(const Result<LiveCheck::Progress>& progress);

}  // namespace watchpost::console

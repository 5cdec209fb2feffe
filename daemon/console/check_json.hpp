// check_json: the findings of a check of the store, for GET /v1/verify. Pure.
#pragma once

#include <string>

#include "console/live_check.hpp"

namespace watchpost::console {

// {"rows":1234} while the check goes on, {"report":{…}} when it is complete, {"error":"…"} where
// the store cannot be read.
[[nodiscard]] std::string check_json(const Result<LiveCheck::Progress>& progress);

}  // namespace watchpost::console

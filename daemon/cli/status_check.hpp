// The status as one line and an exit code, as Nagios, Icinga and their relatives ask plugins for.
// Promise: OK only where the daemon answered and has no trouble; an answer that cannot be
// understood is UNKNOWN; a daemon that does not answer is CRITICAL, because its alarms go nowhere.
// Pure.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "model/language.hpp"

namespace watchpost::cli {

struct CheckAnswer {
  int code = 3;  // 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN
  std::string line;
};

// `status`: the body of GET /v1/status, or the reason why there is none.
[[nodiscard]] CheckAnswer check_status(const Result<std::string>& status, Language language);

}  // namespace watchpost::cli

// time_range: --from and --to of a command.
// Promise: RFC 3339, without a zone UTC; the first is the earlier one, the second is not included.
// Pure; any thread.
#pragma once

#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace watchpost::cli {

struct TimeRange {
  WallTime from;
  WallTime to;
};
struct RangeTexts {
  std::string from;
  std::string to;
};
[[nodiscard]] Result<TimeRange> time_range(const RangeTexts& texts);

}  // namespace watchpost::cli

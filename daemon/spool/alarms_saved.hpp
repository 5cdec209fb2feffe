// AlarmsSaved: what a salvage made of the list of alarms.
// Promise: each open alarm that it made again is named, and each of which it knows that it could
// not be. A plain value; any thread.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "model/alarm.hpp"

namespace watchpost::spool {

struct AlarmsSaved {
  static constexpr std::size_t kMostNamed = 20;
  std::vector<AlarmSerial> rebuilt;  // open ones, of their newest record
  std::vector<AlarmSerial> missing;  // the first that have neither row nor record
  std::uint64_t missing_count = 0;
  bool has_none = false;         // neither a row nor a record of any alarm
  bool history_is_whole = true;  // false: the oldest records of alarms are gone
  // As many as a sentence names.
  [[nodiscard]] std::vector<AlarmSerial> first_rebuilt() const {
    const std::size_t named = std::min(rebuilt.size(), kMostNamed);
    return {rebuilt.begin(), rebuilt.begin() + static_cast<std::ptrdiff_t>(named)};
  }
  // Alarms were there, and nothing tells of them.
  [[nodiscard]] bool may_lack_some() const { return has_none && !history_is_whole; }
};

}  // namespace watchpost::spool

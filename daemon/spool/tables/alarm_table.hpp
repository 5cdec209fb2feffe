// alarm: what judgement keeps of each alarm, one whole row for each, found by its serial.
// Promise: open ones stay until a transition closes them; of closed ones the newest kMostClosed
// stay. After damage an older copy of a row is believed where the newest is gone: it may sound
// again what somebody has taken, and no alarm vanishes. Spool thread.
#pragma once

#include <cstdint>

#include "spool/tables/table.hpp"

namespace watchpost::spool {

[[nodiscard]] const Table& alarm_table();

// Kept after they were closed.
inline constexpr std::int64_t kMostClosedAlarms = 5'000;
// Of these so many are handed to judgement at the start, to be linked to.
inline constexpr std::int64_t kMostRecalledAlarms = 2'000;

}  // namespace watchpost::spool

// Retention: which settled records may go, in small steps.
// Promise: never a record that a required upstream has not acknowledged (DESIGN promise 2), never
// the newest record of a class (its seq is where numbering goes on after a restart), and never more
// rows than the budget of a step. Low classes go first. Pure; called by the writer's thread.
#pragma once

#include <cstdint>
#include <optional>

#include "base/strong.hpp"
#include "model/event_class.hpp"

namespace watchpost::spool {

struct LogExtent {
  Seq oldest;  // 0 when the log is empty
  Seq newest;
  Seq settled;  // every required upstream has acknowledged up to here
};

struct RemovalStep {
  EventClass event_class = EventClass::telemetry;
  Seq first;  // removed: first <= seq < end
  Seq end;
};

// One step of at most `budget` rows, or nothing where `used` fits into `history`.
[[nodiscard]] std::optional<RemovalStep> next_removal(const PerClass<LogExtent>& logs,
                                                      ByteCount used, ByteCount history,
                                                      std::uint64_t budget);

}  // namespace watchpost::spool

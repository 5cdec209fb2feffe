// transition_log: which record of each alarm is its newest transition, as the logs have it.
// Promise: what does not fit its checksum, or cannot be read, is passed over; of two alarms with
// one number, as an earlier version could give it after damage, the one of the later record counts.
// Memory: one entry an alarm. Salvage and verifier, one thread.
#pragma once

#include <array>
#include <map>
#include <optional>

#include "model/told_alarm.hpp"
#include "spool/tables/log_table.hpp"

namespace watchpost::spool {

struct NewestTransition {
  ToldTransition told;
  EventClass event_class = EventClass::alarm;
  Seq seq;
};
using NewestTransitions = std::map<AlarmSerial, NewestTransition>;

// The logs in which transitions are: those of faults are `status`.
inline constexpr std::array kTransitionClasses{EventClass::alarm, EventClass::status};

// Reads one log, some of it at a time, from its oldest record on.
class TransitionLog {
 public:
  [[nodiscard]] static Result<TransitionLog> open(sqlite::Database& database,
                                                  EventClass event_class);
  // Looks at the next numbers, so many at most; false: it has come to the end of the log.
  [[nodiscard]] Result<bool> read_some(std::int64_t most, NewestTransitions& newest);
  // Nothing: it is gone, or does not fit its checksum.
  [[nodiscard]] Result<std::optional<Record>> record(Seq seq);

 private:
  EventClass event_class_ = EventClass::alarm;
  sqlite::Statement ends_, transitions_, one_;
  std::int64_t after_ = 0;
};

}  // namespace watchpost::spool

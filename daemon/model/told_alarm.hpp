// told_alarm: an alarm as the record of its newest transition tells it (alarm_event.hpp): whether a
// row says the same, and the row made again where the disk has lost it.
// Promise: what the record tells is in the row that is made of it. What it does not tell is made
// such that the alarm calls for somebody rather sooner than too late: it waits since it was raised
// and escalates from the first stage; what had been shelved sounds at once; what was held and is
// held no more has nobody. Pure; any thread.
#pragma once

#include <optional>
#include <string>

#include "model/alarm.hpp"
#include "model/record.hpp"

namespace watchpost {

// What tells an alarm, and one transition of it, from others.
struct ToldTransition {
  AlarmNumber number;
  std::uint32_t transitions = 0;
  bool is_open = false;
};
// Nothing where the record is of no transition, or cannot be read.
[[nodiscard]] std::optional<ToldTransition> told_transition(const Record& record);

// The first member that the row and the record of the same transition tell differently, as the
// record names it ("state"); empty: none. A row may count more messages than its record.
[[nodiscard]] std::string differs_from_told(const Alarm& row, const Record& record);

// What the other rows of the store know and the record does not.
struct KnownBeside {
  Stamp newest{};                            // the newest stamp of any row
  std::optional<ServiceTime> silenced_at{};  // when the siren was silenced last
  bool is_device_out = false;                // the alarm's device is out of service
};
// Nothing where the record lacks what no alarm can be without: number, kind, condition, state.
[[nodiscard]] std::optional<Alarm> alarm_from_told(const Record& record, const KnownBeside& beside);

}  // namespace watchpost

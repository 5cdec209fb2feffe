// Due: what time alone does next to one alarm, and when; tick.hpp does it. Computed from the times
// that are kept, so that no timer can be lost.
// Promise: none of it acknowledges anything, and none closes or mutes but a return: what its device
// said to be over has held. Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>

#include "rules/life_cycle.hpp"

namespace watchpost::rules {

// What an open alarm has heard since its row was written: repeats write no row each.
struct SaidAgain {
  std::uint64_t count = 1;
  Stamp last{};
  std::optional<double> peak{};
  CompactOptional<ServiceTime> came_back{};  // the condition, within this alarm
  CompactOptional<ServiceTime> returning{};  // see Alarm::returning_since
  ServiceTime written{};                     // when its row last was
  // When a row last said that it is returning.
  CompactOptional<ServiceTime> return_written{};
};

// A condition that came back within this time is gone only once it has been gone for as long: a
// detector that flickers is one alarm that stays.
inline constexpr std::chrono::seconds kChatter{60};
// How often the repeats of an alarm are written.
inline constexpr std::chrono::seconds kCountRest{30};
// How long an entry that was told late is remembered: so long one episode is one entry, and so long
// its number counts against the bounds of such entries.
inline constexpr std::chrono::hours kLateKept{24};

struct Due {
  enum class What : std::uint8_t {
    nothing,
    confirmation,
    escalation,
    shelving,
    returned,   // what was said to be over has held
    count,      // repeats are to be written
    forgotten,  // closed so long ago that nothing is linked to it
  };
  What what = What::nothing;
  ServiceTime at = ServiceTime::max();
};
// The first thing that is due.
// `rule`: of the site, where one fits the alarm; else null.
[[nodiscard]] Due due_of(const Alarm& alarm, const SaidAgain& said, const AlarmPolicy& policy,
                         const EscalationRule* rule);

}  // namespace watchpost::rules

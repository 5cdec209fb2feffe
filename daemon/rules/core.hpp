// Core: all that judgement judges upon. Its parts are functions over it (episodes.hpp, tick.hpp,
// command_desk.hpp), each in a file; judgement.hpp is its face.
// Promise: no clock, socket, thread or SQL; what changes it goes through a Step (step.hpp).
// I/O thread only.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "model/duty.hpp"
#include "rules/alarm_book.hpp"
#include "rules/beyond.hpp"
#include "rules/conditions.hpp"
#include "rules/kept_rows.hpp"
#include "rules/supervision.hpp"
#include "rules/time_over_restarts.hpp"

namespace watchpost::rules {

struct JudgementOptions {
  Policies policies = default_policies();
  EscalationRules escalations{};       // what the site says of them
  std::vector<std::string> outputs{};  // names of those that the site has
  std::size_t most_alarms = 10'000;    // open at once (episodes.cpp)
  std::size_t most_devices = 20'000;   // known at once (known_devices.cpp)
  std::uint32_t epoch = 0;             // of this start, for the numbers of alarms
};

// No row: no silence and no drill.
[[nodiscard]] inline const Duty& duty_of(const Duty* row) {
  static const Duty kNothing;
  return row == nullptr ? kNothing : *row;
}

struct Core {
  explicit Core(JudgementOptions from)
      : options(std::move(from)),
        alarms(options.policies, options.escalations),
        supervision(options.most_devices) {}
  Core(const Core&) = delete;
  Core& operator=(const Core&) = delete;

  [[nodiscard]] const AlarmPolicy& policy_of(const AlarmSource& source) const {
    return options.policies.of(source);
  }
  [[nodiscard]] const Duty& duty_now() const { return duty_of(duty.find({})); }

  // The newest step under way but `except`; 0: there is none.
  [[nodiscard]] StepNumber last_under_way(StepNumber except) const {
    if (last_step <= settled) return {};
    const StepNumber last = except == last_step ? StepNumber{last_step.value - 1} : last_step;
    return last > settled ? last : StepNumber{};
  }

  JudgementOptions options;
  TimeOverRestarts clock;
  AlarmBook alarms;
  Conditions conditions;
  Supervision supervision;
  KeptRows<Device> devices;
  KeptRows<CommandDone> done;  // kMostKeys (command_table.hpp)
  KeptRows<Duty> duty;         // one row
  Beyond beyond;               // sources whose alarm found no room in the list
  Beyond unknown_devices;      // heard, and not known
  // When live tests end: device by time, as judged; one for each device at most.
  std::set<std::pair<ServiceTime, std::string>> tests;
  // Keys of commands by when they were done, as judged.
  std::set<std::pair<ServiceTime, std::string>> keys;
  StepNumber last_step{};
  StepNumber settled{};     // on disk, or undone
  StepNumber void_up_to{};  // undone, or before them
};

}  // namespace watchpost::rules

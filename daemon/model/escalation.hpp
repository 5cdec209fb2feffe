// Escalation: which alarms are meant, and who is told of them after how long, as a site wants it.
// Promise: an alarm goes by the first rule that fits it; what no rule says is as the kind of the
// alarm has it (rules/life_cycle.hpp). Plain values; pure; any thread.
#pragma once

#include <array>
#include <chrono>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/alarm.hpp"

namespace watchpost {

// Stages after the first word: 0 is told at once, 1 to 3 after a time without anybody.
inline constexpr std::size_t kEscalationStages = 3;

// An alarm and where its device is, for those who choose among alarms.
struct PlacedAlarm {
  const Alarm& alarm;
  std::string_view place;    // of its device
  bool is_emergency = true;  // people are called for it by a siren, if nobody silences that
};

// Empty lists choose nothing, so all three empty fit every emergency. Faults and notices are meant
// only where a level or an alarm is named.
struct AlarmChoice {
  std::vector<AlarmLevel> levels{};
  std::vector<std::string> alarms{};  // of alarm_names()
  std::vector<std::string> places{};  // as a place begins
  [[nodiscard]] bool fits(const PlacedAlarm& one) const;
  friend bool operator==(const AlarmChoice&, const AlarmChoice&) = default;
};

struct EscalationRule {
  AlarmChoice which{};
  std::array<std::chrono::seconds, kEscalationStages> after{};
  std::array<std::vector<std::string>, kEscalationStages + 1> told{};  // outputs by stage
  friend bool operator==(const EscalationRule&, const EscalationRule&) = default;
};
using EscalationRules = std::vector<EscalationRule>;
// Null: none fits.
[[nodiscard]] const EscalationRule* rule_for(const EscalationRules& rules, const PlacedAlarm& one);

// What it is called where alarms are chosen: "smoke", ...; "fault", "low_battery", ...
[[nodiscard]] std::string_view alarm_name(const AlarmSource& source);
[[nodiscard]] std::span<const std::string_view> alarm_names();
// Without grey, which is of tests and drills: nobody is told of those.
[[nodiscard]] std::span<const std::string_view> alarm_level_names();

}  // namespace watchpost

// The life cycle of alarms as data: for each kind how it latches, who closes it and who is told
// when; for each state and event where it leads. In the words of ISA-18.2 and IEC 62682.
// Promise: every state has an answer to every event; an alarm leaves the open list by one of the
// events that end it, never by a timer, and by its device's word only where somebody has taken it.
// The defaults are a table; a site changes values, not code. Pure; any thread.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <string>

#include "model/alarm.hpp"
#include "model/command.hpp"
#include "model/escalation.hpp"
#include "model/per_kind.hpp"
#include "model/site_rule.hpp"

namespace watchpost::rules {

enum class Latching : std::uint8_t {
  latches,  // sounds and is shown until somebody takes it, also when the condition is gone
  follows,  // is shown until somebody takes it; its tone ends with the condition
};
enum class ClosedBy : std::uint8_t {
  person,               // who says what it was
  return_after_taking,  // what somebody has seen goes when the condition is gone
};
// What is to be heard; how it sounds is the page's and the siren's affair.
enum class Tone : std::uint8_t { none, practice, fault, prompt, siren };  // the loudest last
// Who is told at a stage of escalation.
enum class Audience : std::uint8_t { nobody, duty, second_person, street };

struct EscalationStage {
  std::chrono::seconds after{0};  // since somebody is waited for
  Audience told = Audience::nobody;
};
using EscalationPlan =
    std::array<EscalationStage, kEscalationStages>;  // ends at the first that tells nobody

struct AlarmPolicy {
  Kind kind = Kind::unnamed_alarm;
  Latching latching = Latching::latches;
  ClosedBy closed_by = ClosedBy::person;
  bool device_clears = true;              // false: only a person can say that it is over
  std::chrono::seconds confirm_after{0};  // a suspicion becomes an alarm; 0: at once
  std::chrono::seconds reraise_within{600};
  Tone tone = Tone::siren;
  std::chrono::minutes shelving{480};  // the longest; 0: never
  EscalationPlan escalation{};
  EventClass event_class = EventClass::alarm;  // of its transitions
};

struct Policies {
  PerKind<AlarmPolicy> alarms;                          // of Condition::alarm and ::rule
  std::array<AlarmPolicy, kConditionCount> conditions;  // of the others, by Condition
  // Of rules that say more than their kind; of a rule that is no longer there its kind's.
  std::map<std::string, AlarmPolicy, std::less<>> rules{};
  [[nodiscard]] const AlarmPolicy& of(const AlarmSource& source) const {
    const bool by_kind =
        source.condition == Condition::alarm || source.condition == Condition::rule;
    if (source.condition == Condition::rule) {
      const auto own = rules.find(source.rule.view());
      if (own != rules.end()) return own->second;
    }
    return by_kind ? row_of(alarms, source.kind)
                   : conditions[static_cast<std::size_t>(source.condition)];
  }
};
[[nodiscard]] const Policies& default_policies();
// Red and orange sound and escalate, whatever the kind does; yellow and blue ask for a look.
[[nodiscard]] AlarmPolicy policy_for(const SiteRule& rule, const Policies& policies);
// Of Condition::alarm and ::rule the kind says it (verdict.hpp).
[[nodiscard]] AlarmGrade grade_of_fault();

enum class CausedBy : std::uint8_t { device, gateway, person };
// Of CausedBy::person: somebody with a name, always.
[[nodiscard]] CausedBy caused_by(AlarmEvent event);

// What an event does to an alarm of this policy.
struct Answer {
  enum class What : std::uint8_t {
    ignored,
    repeat,      // said again: counted
    transition,  // also where the life stays as it is
    refused,     // only a person is
  };
  What what = What::ignored;
  Life to = Life::normal;           // of a transition
  Refusal refusal = Refusal::none;  // why, where it is refused
};
[[nodiscard]] Answer answer_to(AlarmEvent event, Life life, const AlarmPolicy& policy);

// People are called for it by a siren, where they do not silence that.
[[nodiscard]] inline bool is_emergency(const AlarmPolicy& policy) {
  return policy.tone == Tone::siren;
}
// Somebody is waited for: what escalates.
[[nodiscard]] bool waits_for_somebody(const Alarm& alarm, const AlarmPolicy& policy);
// How an alarm sounds by itself: as if nobody had silenced the siren (sounding.hpp).
[[nodiscard]] Tone tone_of(const Alarm& alarm, const AlarmPolicy& policy);

}  // namespace watchpost::rules

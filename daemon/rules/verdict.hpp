// Verdict: what a message is judged to be, and what else that changes. By judge(Observation) alone,
// the first rule: what an observation means for people by itself, whatever was said before it; what
// it does to alarms that are open, judgement.hpp decides with it.
// Promise: a function of the observation alone. What a device declares an alarm is one, whatever
// its class would be otherwise; what was said of the past (a late record, a broker's stored copy)
// is kept and forwarded and sounds no siren. Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "model/alarm_grade.hpp"
#include "model/command.hpp"
#include "model/fact.hpp"
#include "model/observation.hpp"
#include "model/severity.hpp"
#include "model/transition.hpp"

namespace watchpost::rules {

// The flag of an observation whose state is unknown because its value is in no form we know.
inline constexpr std::string_view kNotUnderstood = "not_understood";
// A danger in such a form: it may be an alarm.
[[nodiscard]] bool may_be_alarm(const Observation& observation);

// The kinds by which a device says that people are in danger: whoever can say so is to be seen
// doing it once, in an alarm or a test.
[[nodiscard]] bool is_danger(Kind kind);
// Two of these in one place corroborate each other.
[[nodiscard]] bool is_fire(Kind kind);
// A device's word that its alarm of the same kind is over.
[[nodiscard]] bool takes_alarm_back(const Observation& observation);
// Of an alarm of this kind that nobody has verified yet, and of a suspicion.
[[nodiscard]] AlarmGrade grade_of(Kind kind);
[[nodiscard]] AlarmGrade grade_of_suspicion();

// What changes rest on: the record of the message that is judged, or none.
enum class Basis : std::uint8_t { record, nothing };

// What one call of judgement changes: committed in one transaction, or not at all.
struct Changes {
  StepNumber step{};  // 0: nothing to tell judgement about
  // The newest step under way that it rests on; where that fails, this has failed too, also where
  // it changes nothing: it was judged, or answered, by what is not so. 0: by what is on disk.
  StepNumber based_on{};
  std::vector<Transition> transitions{};  // in the order in which they happened; a record each
  std::vector<Deed> deeds{};              // a record each
  std::vector<Fact> facts{};              // whole rows of what changed, each once
  // A step, if without a row; else it only waits for what it rests on.
  [[nodiscard]] bool any() const { return step.value != 0; }
};

struct Verdict {
  // Of the record that is kept: what raises an alarm, or may do so and was not understood, is
  // `alarm` (the latter without `alarm` below), a check-in is `patrol`, the state
  // of a device (battery, tamper, fault, a detector's all-clear) is `status`, a measurement is
  // `telemetry`.
  EventClass event_class = EventClass::telemetry;
  std::uint8_t severity_number = kSeverityTelemetry;
  // A late record, or a broker's copy that would raise an alarm, had it been said now.
  bool of_the_past = false;
  std::optional<AlarmGrade> alarm;  // set where an alarm is raised now
  // What judgement alone knows, which has seen what was said before.
  bool is_repeat = false;  // of an alarm that is open
  // Recorded and not listed: more alarms are open, or more were told late, than are kept.
  bool is_beyond = false;
  bool is_new_device = false;  // heard for the first time
  // All that it raised, worsened or ended is of a live test or of a drill.
  bool is_test = false;
  bool is_exercise = false;
  Changes changes{};
};
[[nodiscard]] Verdict judge(const Observation& observation);

}  // namespace watchpost::rules

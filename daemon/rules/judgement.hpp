// Judgement: what an observation means for people, decided here and nowhere else.
// Promise: a function of the observation alone. What a device declares an alarm is one, whatever
// its class would be otherwise; what was said of the past (a late record, a broker's stored copy)
// is kept and forwarded and sounds no siren. Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "model/observation.hpp"
#include "model/severity.hpp"

namespace watchpost::rules {

// How urgent an alarm is, in the words of CAP 1.2 (OASIS CAP 1.2 section 3.2.2), so that a district
// can map it to its warning platform; the gateway itself issues no CAP. The values follow DOMAIN
// section 9 for alarms that nobody has verified yet.
struct AlarmGrade {
  std::string_view urgency;    // Immediate, Expected, Future
  std::string_view severity;   // Extreme, Severe, Moderate, Minor
  std::string_view certainty;  // Observed, Likely, Possible
};

// The flag of an observation whose state is unknown because its value is in no form we know.
inline constexpr std::string_view kNotUnderstood = "not_understood";
// A danger in such a form: it may be an alarm.
[[nodiscard]] bool may_be_alarm(const Observation& observation);

// The kinds by which a device says that people are in danger: whoever can say so is to be seen
// doing it once, in an alarm or a test.
[[nodiscard]] bool is_danger(Kind kind);
// A device's word that its alarm of the same kind is over.
[[nodiscard]] bool takes_alarm_back(const Observation& observation);

struct Verdict {
  // Of the record that is kept: what raises an alarm, or may do so and was not understood, is
  // `alarm` (the latter without `alarm` below), a check-in is `patrol`, the state
  // of a device (battery, tamper, fault, a detector's all-clear) is `status`, a measurement is
  // `telemetry`.
  EventClass event_class = EventClass::telemetry;
  std::uint8_t severity_number = kSeverityTelemetry;
  // Would raise an alarm, had it not been said of the past; or the device says so itself.
  bool late = false;
  std::optional<AlarmGrade> alarm;  // set where an alarm is raised now
};
[[nodiscard]] Verdict judge(const Observation& observation);

}  // namespace watchpost::rules

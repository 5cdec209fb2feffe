#include "rules/judgement.hpp"

#include <algorithm>
#include <variant>

namespace watchpost::rules {
namespace {

bool is_true(const Reading* reading) {
  return reading != nullptr && std::holds_alternative<bool>(reading->value) &&
         std::get<bool>(reading->value);
}

// Kinds that report a condition, not a quantity: when they say that all is well, they speak of the
// state of a device.
bool is_detector(Kind kind) {
  switch (kind) {
    case Kind::smoke:
    case Kind::heat:
    case Kind::co:
    case Kind::combustible_gas:
    case Kind::manual_call_point:
    case Kind::fire_part:
    case Kind::fire_system:
    case Kind::transmission_device:
    case Kind::water_leak:
    case Kind::fall:
    case Kind::sos:
    case Kind::device_status:
    case Kind::heartbeat:
    case Kind::unnamed_alarm:
      return true;
    case Kind::hydrant_pressure:
    case Kind::water_level:
    case Kind::water_distance:
    case Kind::rainfall:
    case Kind::presence:
    case Kind::patrol_scan:
    case Kind::rf_code:
    case Kind::measurement:
      return false;
  }
  return false;
}

bool is_alarming(DeclaredState state) {
  return state == DeclaredState::alarm || state == DeclaredState::suspected ||
         state == DeclaredState::confirmed;
}

bool is_trouble(DeclaredState state) {
  return state == DeclaredState::fault || state == DeclaredState::tamper;
}

AlarmGrade grade_of(const Observation& observation) {
  if (observation.state == DeclaredState::suspected) return {"Immediate", "Moderate", "Possible"};
  switch (observation.kind) {
    case Kind::fall:
    case Kind::sos:
      return {"Immediate", "Severe", "Observed"};
    case Kind::smoke:
    case Kind::heat:
    case Kind::co:
    case Kind::combustible_gas:
    case Kind::manual_call_point:
    case Kind::fire_part:
    case Kind::fire_system:
      return {"Immediate", "Severe", "Likely"};
    case Kind::water_leak:
    case Kind::water_level:
    case Kind::water_distance:
    case Kind::rainfall:
      return {"Expected", "Moderate", "Observed"};
    case Kind::hydrant_pressure:
    case Kind::transmission_device:
    case Kind::presence:
    case Kind::patrol_scan:
    case Kind::device_status:
    case Kind::heartbeat:
    case Kind::rf_code:
    case Kind::measurement:
    case Kind::unnamed_alarm:
      return {"Expected", "Moderate", "Likely"};
  }
  return {"Expected", "Moderate", "Likely"};
}

EventClass class_without_alarm(const Observation& observation) {
  if (observation.kind == Kind::patrol_scan) return EventClass::patrol;
  const bool device_state =
      is_detector(observation.kind) || is_trouble(observation.state) ||
      observation.state == DeclaredState::test || is_true(observation.find("tamper")) ||
      is_true(observation.find("low_battery")) || is_true(observation.find("fault"));
  return device_state ? EventClass::status : EventClass::telemetry;
}

}  // namespace

bool is_danger(Kind kind) {
  switch (kind) {
    case Kind::smoke:
    case Kind::heat:
    case Kind::co:
    case Kind::combustible_gas:
    case Kind::manual_call_point:
    case Kind::fire_part:
    case Kind::fire_system:
    case Kind::water_leak:
    case Kind::fall:
    case Kind::sos:
    case Kind::unnamed_alarm:
      return true;
    case Kind::transmission_device:
    case Kind::hydrant_pressure:
    case Kind::water_level:
    case Kind::water_distance:
    case Kind::rainfall:
    case Kind::presence:
    case Kind::patrol_scan:
    case Kind::device_status:
    case Kind::heartbeat:
    case Kind::rf_code:
    case Kind::measurement:
      return false;
  }
  return false;
}

bool takes_alarm_back(const Observation& observation) {
  return observation.state == DeclaredState::normal || observation.state == DeclaredState::cleared;
}

bool may_be_alarm(const Observation& observation) {
  const auto& flags = observation.flags;
  return observation.state == DeclaredState::unknown &&
         std::find(flags.begin(), flags.end(), kNotUnderstood) != flags.end();
}

Verdict judge(const Observation& observation) {
  Verdict verdict;
  const bool alarming = is_alarming(observation.state);
  verdict.late = observation.history || (observation.stored_copy && alarming);
  if (alarming && !verdict.late) {
    verdict.event_class = EventClass::alarm;
    verdict.severity_number = kSeverityAlarm;
    verdict.alarm = grade_of(observation);
    return verdict;
  }
  // A wrong silence costs more than a look.
  if (may_be_alarm(observation) && !verdict.late && !observation.stored_copy) {
    verdict.event_class = EventClass::alarm;
    verdict.severity_number = kSeverityWarning;
    return verdict;
  }
  verdict.event_class = class_without_alarm(observation);
  if (is_trouble(observation.state)) {
    verdict.severity_number = kSeverityWarning;
  } else if (verdict.event_class != EventClass::telemetry) {
    verdict.severity_number = kSeverityInfo;
  }
  return verdict;
}

}  // namespace watchpost::rules

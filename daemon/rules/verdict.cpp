#include "rules/verdict.hpp"

#include <algorithm>
#include <variant>

#include "model/per_kind.hpp"

namespace watchpost::rules {
namespace {

// Whether the kind reports a condition, not a quantity: when it says that all is well, it speaks of
// the state of a device.
enum class Reports : bool { condition, quantity };
enum class Danger : std::uint8_t { none, to_people, fire };  // fire is one to people too

struct KindMeaning {
  Kind kind;
  Reports reports;
  Danger danger;
  AlarmGrade grade;  // of an alarm that is more than suspected
};

constexpr AlarmGrade kPersonCalls{AlarmLevel::orange, Urgency::immediate, AlarmSeverity::severe,
                                  Certainty::observed};
constexpr AlarmGrade kDetectorWarns{AlarmLevel::orange, Urgency::immediate, AlarmSeverity::severe,
                                    Certainty::likely};
constexpr AlarmGrade kWaterIsSeen{AlarmLevel::orange, Urgency::expected, AlarmSeverity::moderate,
                                  Certainty::observed};
constexpr AlarmGrade kSomethingIsWrong{AlarmLevel::yellow, Urgency::expected,
                                       AlarmSeverity::moderate, Certainty::likely};
constexpr AlarmGrade kSuspected{AlarmLevel::yellow, Urgency::immediate, AlarmSeverity::moderate,
                                Certainty::possible};

constexpr PerKind<KindMeaning> kMeanings{{
    {Kind::smoke, Reports::condition, Danger::fire, kDetectorWarns},
    {Kind::heat, Reports::condition, Danger::fire, kDetectorWarns},
    {Kind::co, Reports::condition, Danger::fire, kDetectorWarns},
    {Kind::combustible_gas, Reports::condition, Danger::fire, kDetectorWarns},
    {Kind::manual_call_point, Reports::condition, Danger::fire, kDetectorWarns},
    {Kind::fire_part, Reports::condition, Danger::fire, kDetectorWarns},
    {Kind::fire_system, Reports::condition, Danger::fire, kDetectorWarns},
    {Kind::transmission_device, Reports::condition, Danger::none, kSomethingIsWrong},
    {Kind::hydrant_pressure, Reports::quantity, Danger::none, kSomethingIsWrong},
    {Kind::water_level, Reports::quantity, Danger::none, kWaterIsSeen},
    {Kind::water_distance, Reports::quantity, Danger::none, kWaterIsSeen},
    {Kind::water_leak, Reports::condition, Danger::to_people, kWaterIsSeen},
    {Kind::rainfall, Reports::quantity, Danger::none, kWaterIsSeen},
    {Kind::fall, Reports::condition, Danger::to_people, kPersonCalls},
    {Kind::sos, Reports::condition, Danger::to_people, kPersonCalls},
    {Kind::presence, Reports::quantity, Danger::none, kSomethingIsWrong},
    {Kind::patrol_scan, Reports::quantity, Danger::none, kSomethingIsWrong},
    {Kind::device_status, Reports::condition, Danger::none, kSomethingIsWrong},
    {Kind::heartbeat, Reports::condition, Danger::none, kSomethingIsWrong},
    {Kind::rf_code, Reports::quantity, Danger::none, kSomethingIsWrong},
    {Kind::measurement, Reports::quantity, Danger::none, kSomethingIsWrong},
    {Kind::unnamed_alarm, Reports::condition, Danger::to_people, kSomethingIsWrong},
}};
static_assert(is_whole(kMeanings));

bool is_true(const Reading* reading) {
  return reading != nullptr && std::holds_alternative<bool>(reading->value) &&
         std::get<bool>(reading->value);
}

bool is_alarming(DeclaredState state) {
  return state == DeclaredState::alarm || state == DeclaredState::suspected ||
         state == DeclaredState::confirmed;
}

bool is_trouble(DeclaredState state) {
  return state == DeclaredState::fault || state == DeclaredState::tamper;
}

AlarmGrade grade_in(const Observation& observation) {
  if (observation.state == DeclaredState::suspected) return kSuspected;
  return grade_of(observation.kind);
}

EventClass class_without_alarm(const Observation& observation) {
  if (observation.kind == Kind::patrol_scan) return EventClass::patrol;
  const bool device_state =
      row_of(kMeanings, observation.kind).reports == Reports::condition ||
      is_trouble(observation.state) || observation.state == DeclaredState::test ||
      is_true(observation.find("tamper")) || is_true(observation.find("low_battery")) ||
      is_true(observation.find("fault"));
  return device_state ? EventClass::status : EventClass::telemetry;
}

}  // namespace

bool is_danger(Kind kind) {
  return row_of(kMeanings, kind).danger != Danger::none;
}

bool is_fire(Kind kind) {
  return row_of(kMeanings, kind).danger == Danger::fire;
}

AlarmGrade grade_of(Kind kind) {
  return row_of(kMeanings, kind).grade;
}

AlarmGrade grade_of_suspicion() {
  return kSuspected;
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
  verdict.of_the_past = observation.history || (observation.stored_copy && alarming);
  if (alarming && !verdict.of_the_past) {
    verdict.event_class = EventClass::alarm;
    verdict.severity_number = kSeverityAlarm;
    verdict.alarm = grade_in(observation);
    return verdict;
  }
  // A wrong silence costs more than a look.
  if (may_be_alarm(observation) && !verdict.of_the_past && !observation.stored_copy) {
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

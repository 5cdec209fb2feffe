#include "rules/verdict.hpp"

#include "support/catch.hpp"

using namespace watchpost;
using rules::judge;

namespace {

Observation an_observation(Kind kind, DeclaredState state, std::vector<Reading> readings = {}) {
  Observation observation;
  observation.kind = kind;
  observation.state = state;
  observation.readings = std::move(readings);
  return observation;
}

EventClass class_for(Kind kind, DeclaredState state, std::vector<Reading> readings = {}) {
  return judge(an_observation(kind, state, std::move(readings))).event_class;
}

}  // namespace

TEST_CASE("an observation belongs to the class that its kind and state say", "[rules][unit]") {
  CHECK(class_for(Kind::smoke, DeclaredState::alarm) == EventClass::alarm);
  CHECK(class_for(Kind::fall, DeclaredState::suspected) == EventClass::alarm);
  CHECK(class_for(Kind::water_distance, DeclaredState::alarm) == EventClass::alarm);
  CHECK(class_for(Kind::smoke, DeclaredState::test) == EventClass::status);
  CHECK(class_for(Kind::smoke, DeclaredState::normal) == EventClass::status);
  CHECK(class_for(Kind::patrol_scan, DeclaredState::info) == EventClass::patrol);
  CHECK(class_for(Kind::device_status, DeclaredState::fault) == EventClass::status);
  CHECK(class_for(Kind::water_level, DeclaredState::normal) == EventClass::telemetry);
  CHECK(class_for(Kind::measurement, DeclaredState::info, {{"tamper", "", true}}) ==
        EventClass::status);
  CHECK(class_for(Kind::measurement, DeclaredState::info, {{"tamper", "", std::monostate{}}}) ==
        EventClass::telemetry);
}

TEST_CASE("alarm, suspected and confirmed raise an alarm, and no other state does",
          "[rules][unit]") {
  for (const DeclaredState state :
       {DeclaredState::normal, DeclaredState::cleared, DeclaredState::test, DeclaredState::fault,
        DeclaredState::tamper, DeclaredState::unknown, DeclaredState::info}) {
    CHECK_FALSE(judge(an_observation(Kind::smoke, state)).alarm);
  }
  for (const DeclaredState state :
       {DeclaredState::alarm, DeclaredState::suspected, DeclaredState::confirmed}) {
    const auto verdict = judge(an_observation(Kind::smoke, state));
    CHECK(verdict.alarm);
    CHECK(verdict.event_class == EventClass::alarm);
    CHECK(verdict.severity_number == kSeverityAlarm);
    CHECK_FALSE(verdict.of_the_past);
  }
}

TEST_CASE("an observation of the past is kept and raises no alarm", "[rules][unit]") {
  auto late = an_observation(Kind::water_leak, DeclaredState::alarm);
  late.history = true;
  auto copy = an_observation(Kind::smoke, DeclaredState::alarm);
  copy.stored_copy = true;
  for (const Observation& observation : {late, copy}) {
    const auto verdict = judge(observation);
    CHECK_FALSE(verdict.alarm);
    CHECK(verdict.of_the_past);
    CHECK(verdict.event_class == EventClass::status);
    CHECK(verdict.severity_number == kSeverityInfo);
  }
  copy.state = DeclaredState::normal;
  CHECK_FALSE(judge(copy).of_the_past);
}

TEST_CASE("faults weigh more than other states, and measurements less", "[rules][unit]") {
  const auto severity_of = [](Kind kind, DeclaredState state) {
    return judge(an_observation(kind, state)).severity_number;
  };
  CHECK(severity_of(Kind::smoke, DeclaredState::fault) == kSeverityWarning);
  CHECK(severity_of(Kind::measurement, DeclaredState::tamper) == kSeverityWarning);
  CHECK(severity_of(Kind::smoke, DeclaredState::normal) == kSeverityInfo);
  CHECK(severity_of(Kind::patrol_scan, DeclaredState::info) == kSeverityInfo);
  CHECK(severity_of(Kind::water_level, DeclaredState::info) == kSeverityTelemetry);
}

TEST_CASE("an alarm is graded by what it is about and how sure the device is", "[rules][unit]") {
  const auto grade = [](Kind kind, DeclaredState state) {
    return *judge(an_observation(kind, state)).alarm;
  };
  CHECK(grade(Kind::smoke, DeclaredState::alarm).certainty == Certainty::likely);
  CHECK(grade(Kind::smoke, DeclaredState::alarm).severity == AlarmSeverity::severe);
  CHECK(grade(Kind::sos, DeclaredState::alarm).certainty == Certainty::observed);
  CHECK(grade(Kind::fall, DeclaredState::suspected).certainty == Certainty::possible);
  CHECK(grade(Kind::fall, DeclaredState::suspected).severity == AlarmSeverity::moderate);
  CHECK(grade(Kind::water_leak, DeclaredState::alarm).urgency == Urgency::expected);
}

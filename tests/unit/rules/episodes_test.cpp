#include "support/catch.hpp"
#include "support/duty_desk.hpp"

using namespace watchpost;
using namespace watchpost::rules;
using namespace std::chrono_literals;
using support::DutyDesk;
using support::said;

namespace {

constexpr auto kAlarm = DeclaredState::alarm;
constexpr auto kNormal = DeclaredState::normal;

Observation smoke(DeclaredState state = kAlarm) {
  return said("smoke-1", Kind::smoke, state);
}

}  // namespace

TEST_CASE("what opens, worsens or ends an alarm is of class alarm, what repeats it is a status",
          "[rules][unit]") {
  DutyDesk desk;
  const Verdict first = desk.hear(smoke());
  CHECK(first.event_class == EventClass::alarm);
  CHECK(first.alarm);
  CHECK_FALSE(first.is_repeat);
  const Verdict second = desk.hear(smoke());
  CHECK(second.event_class == EventClass::status);
  CHECK(second.is_repeat);
  CHECK_FALSE(second.alarm);
  CHECK_FALSE(second.changes.any());
  const Verdict last = desk.hear(smoke(kNormal));
  CHECK(last.event_class == EventClass::alarm);
  CHECK_FALSE(last.alarm);
  CHECK(desk.hear(smoke(kNormal)).event_class == EventClass::status);
  CHECK(desk.hear(said("w", Kind::water_level, DeclaredState::info)).event_class ==
        EventClass::telemetry);
}

TEST_CASE("a fault is an alarm of its own, of class status and without a siren", "[rules][unit]") {
  DutyDesk desk;
  const Verdict verdict = desk.hear(smoke(DeclaredState::fault));
  CHECK(verdict.event_class == EventClass::status);
  REQUIRE(verdict.changes.transitions.size() == 1);
  CHECK(verdict.changes.transitions[0].event_class == EventClass::status);
  CHECK(desk.tone(1) == Tone::fault);
  CHECK(desk.alarm(1)->grade.level == AlarmLevel::blue);
  // The same device's fire is another one.
  (void)desk.hear(smoke());
  CHECK(desk.open().size() == 2);
  CHECK(desk.heard() == Tone::siren);
}

TEST_CASE("a detector stuck at ten a second for an hour is one alarm, written twice a minute",
          "[rules][unit]") {
  DutyDesk desk;
  std::size_t alarms = 0;
  for (int i = 0; i < 36'000; ++i) {
    alarms += desk.hear(smoke()).event_class == EventClass::alarm ? 1 : 0;
    desk.pass(100ms);
  }
  CHECK(alarms == 1);
  REQUIRE(desk.open().size() == 1);
  CHECK(desk.told.size() == 4);  // raised, and three stages of escalation
  // The device, four transitions, and a count each 30 s at most.
  CHECK(desk.facts_written <= 5 + 120);
  desk.pass(30s);
  CHECK(desk.alarm(1)->count == 36'000);
  const Verdict other = desk.hear(said("smoke-2", Kind::smoke, kAlarm));
  CHECK(other.event_class == EventClass::alarm);
}

TEST_CASE("a detector that flickers is one alarm with few transitions", "[rules][unit]") {
  DutyDesk desk;
  for (int i = 0; i < 600; ++i) {
    (void)desk.hear(smoke(i % 2 == 0 ? kAlarm : kNormal));
    desk.pass(1s);
  }
  REQUIRE(desk.open().size() == 1);
  std::size_t by_device = 0;
  for (const Transition& each : desk.told) by_device += each.actor.origin == Origin::device ? 1 : 0;
  CHECK(by_device == 3);  // raised, gone, raised again
  // In each half minute its count, and once that it was over and is not.
  CHECK(desk.facts_written <= 10 + 20 * 3);
  CHECK(desk.open()[0]->life == Life::unack);
  // The last word was that it is gone; a minute later that is believed.
  desk.pass(61s);
  CHECK(desk.open()[0]->life == Life::rtn_unack);
}

TEST_CASE("the highest value counts, of a distance to water the least", "[rules][unit]") {
  DutyDesk desk;
  for (const double level : {3.2, 4.1, 3.9})
    (void)desk.hear(said("r", Kind::water_level, kAlarm, {{"level", "m", level}}));
  for (const double distance : {900.0, 300.0, 800.0})
    (void)desk.hear(said("d", Kind::water_distance, kAlarm, {{"distance", "mm", distance}}));
  desk.pass(31s);
  CHECK(desk.alarm(1)->peak == 4.1);
  CHECK(desk.alarm(2)->peak == 300.0);
}

TEST_CASE("a late record is a closed entry that never sounds, one for each episode",
          "[rules][unit]") {
  DutyDesk desk;
  Observation late = smoke();
  late.history = true;
  for (int i = 0; i < 100; ++i) {
    late.observed_at = desk.now.wall - 10h + std::chrono::minutes{i};
    const Verdict verdict = desk.hear(late);
    CHECK(verdict.event_class == EventClass::status);
    CHECK(verdict.of_the_past);
  }
  CHECK(desk.open().empty());
  CHECK(desk.heard() == Tone::none);
  // One for each ten minutes of the device's own time.
  REQUIRE(desk.told.size() == 10);
  for (const Transition& each : desk.told) {
    CHECK(each.to == AlarmState::closed);
    CHECK(each.alarm->marks.history);
  }
  CHECK(desk.told[0].alarm->times.raised.wall == desk.now.wall - 10h);
}

TEST_CASE("a late record and a broker's copy do nothing to an alarm that is open",
          "[rules][unit]") {
  DutyDesk desk;
  (void)desk.hear(smoke());
  const SharedAlarm before = desk.alarm(1);
  for (const DeclaredState state : {kAlarm, kNormal, DeclaredState::cleared}) {
    Observation late = smoke(state);
    late.history = true;
    (void)desk.hear(late);
    Observation copy = smoke(state);
    copy.stored_copy = true;
    (void)desk.hear(copy);
    copy.observed_at = desk.now.wall - 1s;  // older than the alarm
    (void)desk.hear(copy);
  }
  CHECK(*desk.alarm(1) == *before);
  CHECK(desk.told.size() == 1);
}

TEST_CASE("a copy that is newer ends the condition of what latches, and of nothing else",
          "[rules][unit]") {
  DutyDesk desk;
  (void)desk.hear(smoke());
  (void)desk.hear(said("r", Kind::water_level, kAlarm));
  desk.pass(10s);
  for (Observation copy : {smoke(kNormal), said("r", Kind::water_level, kNormal)}) {
    copy.stored_copy = true;
    copy.observed_at = desk.now.wall - 5s;
    (void)desk.hear(copy);
  }
  CHECK(desk.alarm(1)->life == Life::rtn_unack);
  CHECK(desk.tone(1) == Tone::siren);
  CHECK(desk.alarm(2)->life == Life::unack);
}

TEST_CASE("an alarm that comes within ten minutes of the last one's closing is linked to it",
          "[rules][unit]") {
  DutyDesk desk;
  const auto once = [&desk](std::uint64_t number) {
    (void)desk.hear(smoke());
    CHECK(desk.ask(desk.wish(DutyAction::take, number)).refusal == Refusal::none);
    Command close = desk.wish(DutyAction::close, number);
    close.outcome = AlarmOutcome::false_alarm;
    CHECK(desk.ask(close).refusal == Refusal::none);
  };
  once(1);
  desk.pass(9min);
  once(2);
  CHECK(desk.told.back().alarm->previous.serial.value == 1);
  desk.pass(11min);
  once(3);
  CHECK(desk.told.back().alarm->previous.serial.value == 0);
}

TEST_CASE("a place that is told while an alarm is open counts for it, unless its commit fails",
          "[rules][unit]") {
  const auto level = [](bool is_kept) {
    DutyDesk desk;
    (void)desk.hear(said("smoke-1", Kind::smoke, kAlarm));
    Device device;
    device.place = "3/2/301";
    device.id = "smoke-2";
    CHECK(desk.enter(device).refusal == Refusal::none);
    device.id = "smoke-1";
    if (!is_kept) desk.hold();
    CHECK(desk.enter(device).refusal == Refusal::none);
    if (!is_kept) desk.fail_all();
    (void)desk.hear(said("smoke-2", Kind::smoke, kAlarm));
    return desk.alarm(1)->grade.level;
  };
  CHECK(level(true) == AlarmLevel::red);
  CHECK(level(false) == AlarmLevel::orange);
}

TEST_CASE("an alarm whose device has moved is beside others no more", "[rules][unit]") {
  DutyDesk desk;
  Device device;
  for (const char* id : {"smoke-1", "smoke-2"}) {
    device.id = id;
    device.place = "3/2/301";
    CHECK(desk.enter(device).refusal == Refusal::none);
  }
  (void)desk.hear(said("smoke-1", Kind::smoke, kAlarm));
  device.id = "smoke-1";
  device.place = "3/2/302";
  CHECK(desk.enter(device).refusal == Refusal::none);
  (void)desk.hear(said("smoke-2", Kind::smoke, kAlarm));
  CHECK(desk.alarm(1)->grade.level == AlarmLevel::orange);
  CHECK(desk.alarm(2)->grade.level == AlarmLevel::orange);
}

TEST_CASE("an alarm of a test or of a device in repair is recorded as one and calls for nobody",
          "[rules][unit]") {
  DutyDesk desk;
  (void)desk.hear(smoke(kNormal));
  Command test = desk.wish(DutyAction::live_test_start);
  test.device = "smoke-1";
  test.lasts = 10min;
  CHECK(desk.ask(test).refusal == Refusal::none);
  const Verdict verdict = desk.hear(smoke());
  CHECK(verdict.event_class == EventClass::alarm);
  CHECK_FALSE(verdict.alarm);
  CHECK(desk.heard() == Tone::none);
  CHECK(desk.judgement().device_on_disk("smoke-1")->proven == desk.now.wall);
  desk.pass(10min);
  CHECK(desk.heard() == Tone::siren);
}

TEST_CASE("a suspicion of a drill that is real when it ends stays loud when it is gone",
          "[rules][unit]") {
  DutyDesk desk;
  Command drill = desk.wish(DutyAction::drill_start);
  drill.note = "autumn";
  drill.lasts = 30min;
  CHECK(desk.ask(drill).refusal == Refusal::none);
  (void)desk.hear(said("radar-1", Kind::fall, DeclaredState::suspected));
  Command verify = desk.wish(DutyAction::verify, 1);
  verify.is_true = false;
  CHECK(desk.ask(verify).refusal == Refusal::none);
  desk.pass(30min);
  CHECK(desk.alarm(1)->life == Life::unack);
  CHECK(desk.heard() == Tone::siren);
  (void)desk.hear(said("radar-1", Kind::fall, DeclaredState::cleared));
  CHECK(desk.alarm(1)->life == Life::rtn_unack);
  CHECK(desk.heard() == Tone::siren);
}

TEST_CASE("what nobody took and was gone while its device was in repair waits for a person",
          "[rules][unit]") {
  DutyDesk desk;
  (void)desk.hear(said("leak-1", Kind::water_leak, kAlarm));
  (void)desk.hear(said("leak-1", Kind::water_leak, DeclaredState::fault));
  (void)desk.ask(desk.wish(DutyAction::take, 2));
  Command out = desk.wish(DutyAction::out_of_service);
  out.device = "leak-1";
  out.note = "wet cable";
  CHECK(desk.ask(out).refusal == Refusal::none);
  (void)desk.hear(said("leak-1", Kind::water_leak, kNormal));
  CHECK(desk.alarm(1)->life == Life::close_pending);
  CHECK(desk.alarm(2)->life == Life::closed);  // somebody had seen it
}

TEST_CASE("a rule's word is an alarm of its own beside that of the device", "[rules][unit]") {
  DutyDesk desk;
  Signal signal;
  signal.device = "river-1";
  signal.kind = Kind::water_level;
  signal.condition = Condition::rule;
  signal.rule = "guarantee level";
  signal.grade =
      AlarmGrade{AlarmLevel::red, Urgency::immediate, AlarmSeverity::severe, Certainty::observed};
  const Verdict verdict = desk.hear(signal);
  REQUIRE(verdict.changes.transitions.size() == 1);
  CHECK(verdict.event_class == EventClass::alarm);
  CHECK(desk.alarm(1)->source.rule == "guarantee level");
  CHECK(desk.alarm(1)->grade.level == AlarmLevel::red);
  signal.rule = "warning level";
  (void)desk.hear(signal);
  CHECK(desk.open().size() == 2);
}

TEST_CASE("the word that confirms or raises again counts for the peak", "[rules][unit]") {
  DutyDesk desk;
  const auto level = [](DeclaredState state, double value) {
    return said("smoke-1", Kind::smoke, state, {{"smoke", "", value}});
  };
  (void)desk.hear(level(DeclaredState::suspected, 3));
  (void)desk.hear(level(DeclaredState::confirmed, 9));
  CHECK(desk.alarm(1)->peak == 9);
  (void)desk.hear(level(DeclaredState::normal, 0));
  desk.pass(2min);
  (void)desk.hear(level(DeclaredState::alarm, 12));
  CHECK(desk.alarm(1)->peak == 12);
  CHECK(desk.alarm(1)->count == 3);
}

TEST_CASE("the record of a rule's word is as loud as that of a device", "[rules][unit]") {
  DutyDesk desk;
  Signal signal;
  signal.device = "river-1";
  signal.kind = Kind::water_level;
  signal.condition = Condition::rule;
  signal.rule = "guarantee level";
  signal.grade =
      AlarmGrade{AlarmLevel::red, Urgency::immediate, AlarmSeverity::severe, Certainty::observed};
  const Verdict first = desk.hear(signal);
  CHECK(first.event_class == EventClass::alarm);
  CHECK(first.severity_number == kSeverityAlarm);
  CHECK(first.alarm == signal.grade);
  const Verdict second = desk.hear(signal);
  CHECK(second.event_class == EventClass::status);
  CHECK(second.severity_number == kSeverityWarning);
  CHECK_FALSE(second.alarm);
  signal.says = Says::over;
  const Verdict over = desk.hear(signal);
  CHECK(over.event_class == EventClass::alarm);
  CHECK(over.severity_number == kSeverityInfo);
  CHECK_FALSE(over.alarm);
  Signal silent;
  silent.device = "river-1";
  silent.kind = Kind::water_level;
  silent.condition = Condition::silent;
  const Verdict fault = desk.hear(silent);
  CHECK(fault.event_class == EventClass::status);
  CHECK(fault.severity_number == kSeverityWarning);
  CHECK_FALSE(fault.alarm);
}

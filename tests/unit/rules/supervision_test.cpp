#include "rules/supervision.hpp"

#include "model/duty_rows.hpp"
#include "support/catch.hpp"
#include "unit/rules/silence_desk.hpp"

using namespace watchpost;
using namespace watchpost::rules;
using namespace watchpost::silence;
using namespace std::chrono_literals;

TEST_CASE("a device that is not heard for three of its intervals is silent, and not before",
          "[rules][unit]") {
  DutyDesk desk;
  expect(desk, "s", 1h);
  (void)rests(desk, "s");
  desk.pass(3h - 1ms);
  CHECK(desk.open().empty());
  desk.pass(1ms);
  REQUIRE(desk.open().size() == 1);
  const SharedAlarm alarm = desk.alarm(1);
  CHECK(alarm->source == AlarmSource{"s", Kind::device_status, Condition::silent, {}});
  CHECK(desk.told.back().event_class == EventClass::status);
  CHECK(desk.tone(1) == Tone::fault);
  REQUIRE(alarm->times.absence);
  CHECK(alarm->times.absence->expected == 1h);
  CHECK_FALSE(alarm->times.absence->is_learned);
  CHECK(alarm->times.absence->heard == desk.now.wall - 3h);
  // To be heard is its return.
  const Verdict back = rests(desk, "s");
  CHECK(back.changes.transitions.size() == 1);
  CHECK_FALSE(desk.alarm(1)->is_active());
}

TEST_CASE("each message begins the time of a device anew", "[rules][unit]") {
  DutyDesk desk;
  expect(desk, "s", 1h);
  for (int i = 0; i < 20; ++i) {
    (void)rests(desk, "s");
    desk.pass(2h + 59min);
  }
  CHECK(desk.told.empty());
  // What cannot be read is a sign of life too.
  desk.judgement().notice("s", desk.now);
  desk.pass(2h + 59min);
  CHECK(desk.told.empty());
  // A copy that a broker kept is none.
  Observation copy = said("s", Kind::smoke, kAtRest);
  copy.stored_copy = true;
  (void)desk.hear(copy);
  desk.pass(1min);
  CHECK(desk.open().size() == 1);
}

TEST_CASE("how often is an affair of the site, then of who entered it, then of what was learnt",
          "[rules][unit]") {
  DutyDesk desk;
  SupervisionRules rules;
  rules.times = 2;
  rules.fixed = {{"fixed", 10min}, {"never-heard", 30min}};
  desk.use(rules);
  expect(desk, "fixed", 5h);
  expect(desk, "entered", 1h);
  expect(desk, "excused", 0s);
  for (const auto* id : {"fixed", "entered", "excused", "unknown"}) (void)rests(desk, id);
  desk.pass(20min);
  REQUIRE(desk.open().size() == 1);
  CHECK(desk.open()[0]->source.device == "fixed");
  // Also of whom nothing was ever heard.
  desk.pass(40min);
  REQUIRE(desk.open().size() == 2);
  CHECK(desk.open()[1]->source.device == "never-heard");
  CHECK_FALSE(desk.open()[1]->times.absence->heard);
  desk.pass(1h);
  CHECK(desk.open().size() == 3);
  desk.pass(1000h);
  CHECK(desk.open().size() == 3);
}

TEST_CASE("an interval that is learnt stays over a restart, and is said to be learnt",
          "[rules][unit]") {
  DutyDesk desk;
  for (int i = 0; i < 24 * 8; ++i) {
    (void)rests(desk, "s");
    desk.pass(1h);
  }
  desk.restart(10min);
  CHECK(desk.judgement().supervision().find("s")->is_learned());
  (void)rests(desk, "s");
  desk.pass(4h);
  REQUIRE(silences(desk) == 1);
  CHECK(desk.open()[0]->times.absence->is_learned);
  // A few rows in all: what is learnt is written once a day.
  CHECK(desk.facts_written < 15);
  DutyDesk other;
  other.use({.learns = false});
  for (int i = 0; i < 24 * 8; ++i) {
    (void)rests(other, "s");
    other.pass(1h);
  }
  CHECK(other.judgement().supervision().find("s")->expected() == 0s);
}

TEST_CASE("what is being learnt stays over a restart, and over what a person enters",
          "[rules][unit]") {
  const auto hear_hourly = [](DutyDesk& desk, int times) {
    for (int i = 0; i < times; ++i) {
      (void)rests(desk, "s");
      desk.pass(1h);
    }
  };
  DutyDesk desk;
  hear_hourly(desk, 24 * 5);
  expect(desk, "s", std::nullopt);
  desk.restart(10min);
  expect(desk, "s", std::nullopt);
  desk.restart(10min);
  hear_hourly(desk, 24 * 4);
  CHECK(desk.judgement().supervision().find("s")->is_learned());
}

TEST_CASE("calls for help and taps of a patrol teach nothing", "[rules][unit]") {
  DutyDesk desk;
  for (int i = 0; i < 24 * 9; ++i) {
    for (const Kind kind :
         {Kind::sos, Kind::patrol_scan, Kind::rf_code, Kind::fall, Kind::manual_call_point}) {
      (void)desk.hear(said(std::string(to_string(kind)), kind, DeclaredState::info));
    }
    desk.pass(1h);
  }
  desk.pass(500h);
  CHECK(desk.told.empty());
}

TEST_CASE("time off, a clock that is set and a restart make nobody silent", "[rules][unit]") {
  DutyDesk desk;
  expect(desk, "s", 1h);
  (void)rests(desk, "s");
  desk.pass(2h);
  desk.restart(100h);
  desk.pass(2h + 59min);
  CHECK(desk.told.empty());
  desk.jump_wall(100h);
  desk.pass(30s);
  CHECK(desk.told.empty());
  desk.restart(100h, true);
  desk.pass(1h);
  // A time service sets the clock: the time off is added to what timers of alarms go by.
  desk.now.wall = WallTime{std::chrono::seconds{1'795'392'000}} + 500h;
  desk.now.quality = ClockQuality::synced;
  (void)rests(desk, "other");
  desk.pass(1h + 59min);
  CHECK(desk.told.empty());
  desk.pass(1min);
  CHECK(desk.told.size() == 1);
}

TEST_CASE("a silence that was told goes on over a restart, and is told once", "[rules][unit]") {
  DutyDesk desk;
  expect(desk, "s", 1h);
  (void)rests(desk, "s");
  desk.pass(3h);
  REQUIRE(silences(desk) == 1);
  desk.restart(10min);
  desk.pass(100h);
  CHECK(desk.told.size() == 1);
  (void)rests(desk, "s");
  CHECK(desk.told.size() == 2);
  CHECK_FALSE(desk.alarm(1)->is_active());
}

TEST_CASE("a silence whose commit failed is told again", "[rules][unit]") {
  DutyDesk desk;
  expect(desk, "s", 1h);
  (void)rests(desk, "s");
  desk.hold();
  desk.pass(3h);
  desk.fail_all();
  CHECK(desk.open().empty());
  desk.pass(1min);
  CHECK(silences(desk) == 1);
  // However long the commit took.
  DutyDesk slow;
  expect(slow, "s", 1h);
  (void)rests(slow, "s");
  slow.hold();
  slow.pass(3h + 5min);
  slow.fail_all();
  slow.pass(1min);
  CHECK(silences(slow) == 1);
}

TEST_CASE("out of service it is raised and held, and loud when it is back", "[rules][unit]") {
  DutyDesk desk;
  expect(desk, "s", 1h);
  (void)rests(desk, "s");
  Command out = desk.wish(DutyAction::out_of_service);
  out.device = "s";
  out.note = "repair";
  REQUIRE(desk.ask(out).refusal == Refusal::none);
  desk.pass(3h);
  REQUIRE(silences(desk) == 1);
  CHECK(desk.alarm(1)->state() == AlarmState::out_of_service);
  CHECK(desk.tone(1) == Tone::none);
  Command back = desk.wish(DutyAction::back_in_service);
  back.device = "s";
  REQUIRE(desk.ask(back).refusal == Refusal::none);
  CHECK(desk.tone(1) == Tone::fault);
}

TEST_CASE("a device that yields to one that is entered is silent no more", "[rules][unit]") {
  JudgementOptions options;
  options.most_devices = 2;
  DutyDesk desk(options);
  for (int i = 0; i < 24 * 8; ++i) {
    (void)rests(desk, "heard");
    desk.pass(1h);
  }
  expect(desk, "a", std::nullopt);
  expect(desk, "b", std::nullopt);
  CHECK(desk.judgement().supervision().find("heard") == nullptr);
  desk.pass(100h);
  CHECK(desk.told.empty());
}

TEST_CASE("rows of devices say how often they are heard, and those of before say nothing of it",
          "[rules][unit]") {
  Device device;
  device.id = "s";
  const std::string before = row_text(device);
  CHECK(before.find("expected") == std::string::npos);
  CHECK(before.find("habit") == std::string::npos);
  REQUIRE(device_from_row(before));
  CHECK_FALSE(device_from_row(before)->expected);
  device.expected = 1h;
  device.habit = std::make_shared<Habit>(Habit{2h, "5;1:2,", "zigbee2mqtt", "hall"});
  const auto read = device_from_row(row_text(device));
  REQUIRE(read);
  CHECK(read->expected == device.expected);
  CHECK(*read->habit == *device.habit);
}

TEST_CASE("what a message ends is judged before what it begins", "[rules][unit]") {
  JudgementOptions options;
  options.most_alarms = 1;
  DutyDesk desk(options);
  (void)desk.hear(said("s", Kind::smoke, kAtRest, {{"low_battery", "", true}}));
  REQUIRE(desk.ask(desk.wish(DutyAction::take, 1)).refusal == Refusal::none);
  const Verdict verdict = desk.hear(
      said("s", Kind::smoke, kAtRest, {{"tamper", "", true}, {"low_battery", "", false}}));
  CHECK_FALSE(verdict.is_beyond);
  REQUIRE(verdict.changes.transitions.size() == 2);
  CHECK(verdict.changes.transitions[0].to == AlarmState::closed);
  CHECK(verdict.changes.transitions[1].alarm->source.condition == Condition::tamper);
}

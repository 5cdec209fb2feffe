#include "support/catch.hpp"
#include "support/duty_desk.hpp"

using namespace watchpost;
using namespace watchpost::rules;
using namespace std::chrono_literals;
using support::DutyDesk;
using support::said;

// What is said now and can be believed is heard, whatever was before, until somebody has heard it.

namespace {

Observation smoking(DeclaredState state = DeclaredState::alarm) {
  return said("smoke-1", Kind::smoke, state);
}
Observation copy_of(Observation observation, WallTime when) {
  observation.stored_copy = true;
  observation.observed_at = when;
  return observation;
}
Command live_test(DutyDesk& desk, const std::string& device) {
  Command test = desk.wish(DutyAction::live_test_start);
  test.device = device;
  test.lasts = 5min;
  return test;
}

}  // namespace

TEST_CASE("a danger that comes back after its test or drill has ended by time is real",
          "[rules][unit]") {
  for (const bool is_drill : {false, true}) {
    DutyDesk desk;
    (void)desk.hear(smoking(DeclaredState::normal));
    Command practice = live_test(desk, "smoke-1");
    if (is_drill) practice.action = DutyAction::drill_start;
    practice.note = "autumn";
    CHECK(desk.ask(practice).refusal == Refusal::none);
    (void)desk.hear(smoking());
    desk.pass(1min);
    (void)desk.hear(smoking(DeclaredState::normal));
    desk.pass(6h);
    CHECK(desk.alarm(1)->marks.practice());
    const Verdict verdict = desk.hear(smoking());
    CHECK(verdict.alarm);
    CHECK_FALSE(desk.alarm(1)->marks.practice());
    CHECK(desk.alarm(1)->grade.level == AlarmLevel::orange);
    CHECK(desk.heard() == Tone::siren);
    desk.pass(61s);
    CHECK(desk.alarm(1)->escalation == 1);
  }
}

TEST_CASE("what comes back in a test or a drill stays one, and what was real stays real",
          "[rules][unit]") {
  DutyDesk desk;
  Command drill = desk.wish(DutyAction::drill_start);
  (void)desk.hear(said("real-1", Kind::smoke, DeclaredState::alarm));
  (void)desk.hear(said("real-1", Kind::smoke, DeclaredState::normal));
  drill.note = "autumn";
  drill.lasts = 30min;
  CHECK(desk.ask(drill).refusal == Refusal::none);
  (void)desk.hear(smoking());
  (void)desk.hear(smoking(DeclaredState::normal));
  desk.pass(2min);
  (void)desk.hear(smoking());
  CHECK(desk.alarm(2)->marks.exercise);
  (void)desk.hear(said("real-1", Kind::smoke, DeclaredState::alarm));
  CHECK_FALSE(desk.alarm(1)->marks.practice());
  CHECK(desk.tone(1) == Tone::siren);
}

TEST_CASE("a good word without a number ends the doubt of a flood", "[rules][unit]") {
  DutyDesk desk;
  (void)desk.hear(said("float-1", Kind::water_level, DeclaredState::alarm, {{"tilt", "", true}}));
  CHECK(desk.alarm(2)->state() == AlarmState::suppressed);
  const Verdict verdict = desk.hear(said("float-1", Kind::water_level, DeclaredState::alarm));
  CHECK(verdict.event_class == EventClass::alarm);
  CHECK(verdict.alarm);
  CHECK(desk.alarm(2)->state() == AlarmState::unack);
  CHECK(desk.heard() == Tone::siren);
}

TEST_CASE("a copy quietens nothing later either: no suspicion, nothing in repair or in a drill",
          "[rules][unit]") {
  DutyDesk desk;
  (void)desk.hear(said("radar-1", Kind::fall, DeclaredState::suspected));
  desk.pass(10s);
  (void)desk.hear(copy_of(said("radar-1", Kind::fall, DeclaredState::normal), desk.now.wall - 5s));
  CHECK(desk.alarm(1)->life == Life::suspected);
  desk.pass(1min);
  CHECK(desk.tone(1) == Tone::siren);

  (void)desk.hear(smoking());
  Command out = desk.wish(DutyAction::out_of_service);
  out.device = "smoke-1";
  out.note = "new battery";
  CHECK(desk.ask(out).refusal == Refusal::none);
  desk.pass(10s);
  (void)desk.hear(copy_of(smoking(DeclaredState::normal), desk.now.wall - 5s));
  CHECK(desk.alarm(2)->life == Life::unack);
  out.action = DutyAction::back_in_service;
  out.key = "back";
  CHECK(desk.ask(out).refusal == Refusal::none);
  CHECK(desk.tone(2) == Tone::siren);

  Command drill = desk.wish(DutyAction::drill_start);
  drill.note = "autumn";
  drill.lasts = 5min;
  CHECK(desk.ask(drill).refusal == Refusal::none);
  (void)desk.hear(said("smoke-3", Kind::smoke, DeclaredState::alarm));
  desk.pass(10s);
  (void)desk.hear(copy_of(said("smoke-3", Kind::smoke, DeclaredState::normal), desk.now.wall - 5s));
  desk.pass(5min);
  CHECK(desk.tone(3) == Tone::siren);
}

TEST_CASE("a silence mutes what was heard when it was asked for, and nothing else",
          "[rules][unit]") {
  DutyDesk desk;
  (void)desk.hear(smoking());
  desk.pass(1s);
  desk.hold();
  (void)desk.hear(said("smoke-2", Kind::smoke, DeclaredState::alarm));
  desk.pass(5ms);
  CHECK(desk.ask(desk.wish(DutyAction::silence_siren)).refusal == Refusal::none);
  desk.commit_all();
  CHECK(desk.tone(1) == Tone::none);
  CHECK(desk.tone(2) == Tone::siren);
}

TEST_CASE("a silence leaves loud what a doubt kept quiet when it was asked for", "[rules][unit]") {
  DutyDesk desk;
  Observation flood =
      said("river-1", Kind::water_distance, DeclaredState::alarm, {{"distance", "mm", 300.0}});
  flood.quality = Quality::suspect;
  (void)desk.hear(flood);
  CHECK(desk.tone(2) == Tone::none);
  (void)desk.hear(smoking());
  desk.hold();
  // In the same moment, so that the alarm waits for somebody since then in both rows.
  flood.quality = Quality::ok;
  (void)desk.hear(flood);
  desk.pass(1s);
  CHECK(desk.ask(desk.wish(DutyAction::silence_siren)).refusal == Refusal::none);
  desk.commit_all();
  CHECK(desk.tone(2) == Tone::siren);
}

TEST_CASE("nothing sounds while nothing that would is on disk", "[rules][unit]") {
  DutyDesk desk;
  desk.hold();
  (void)desk.hear(smoking());
  CHECK(desk.ask(desk.wish(DutyAction::silence_siren)).refusal == Refusal::nothing_sounds);
  desk.commit_all();
  CHECK(desk.heard() == Tone::siren);
  desk.pass(1s);
  desk.hold();
  CHECK(desk.ask(desk.wish(DutyAction::silence_siren)).refusal == Refusal::none);
  // It is heard until the silence is on disk.
  CHECK(desk.ask(desk.wish(DutyAction::silence_siren)).refusal == Refusal::none);
}

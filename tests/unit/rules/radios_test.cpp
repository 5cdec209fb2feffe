#include "rules/radios.hpp"

#include "support/catch.hpp"
#include "unit/rules/silence_desk.hpp"

using namespace watchpost;
using namespace watchpost::rules;
using namespace watchpost::silence;
using namespace std::chrono_literals;

TEST_CASE("devices of one radio that fall silent together are one alarm that says how many",
          "[rules][unit]") {
  DutyDesk desk;
  expect_many(desk, 17);
  (void)desk.hear(said("button", Kind::sos, DeclaredState::info), {"zigbee2mqtt/button", {}});
  desk.pass(100h);
  REQUIRE(desk.told.size() == 1);
  const SharedAlarm radio = desk.alarm(1);
  CHECK(radio->source.device == "zigbee2mqtt");
  CHECK(radio->times.absence->affects == 18);  // the button cannot be heard either
  CHECK(radio->times.absence->devices.size() == Absence::kMostNamed);
  // Back: it ends, and who stays silent has its whole time.
  for (int i = 1; i <= 16; ++i) (void)rests(desk, numbered(i), "zigbee2mqtt");
  desk.pass(1s);
  CHECK_FALSE(desk.alarm(1)->is_active());
  for (int hour = 0; hour < 3; ++hour) {
    CHECK(silences(desk) == 1);
    desk.pass(1h - 1s);
    for (int i = 1; i <= 16; ++i) (void)rests(desk, numbered(i), "zigbee2mqtt");
  }
  desk.pass(10s);
  REQUIRE(silences(desk) == 2);
  CHECK(desk.alarm(2)->source.device == "z-17");
}

TEST_CASE("two of many are two silences, and no radio", "[rules][unit]") {
  DutyDesk desk;
  expect_many(desk, 17);
  for (int hour = 0; hour < 6; ++hour) {
    desk.pass(1h);
    for (int i = 1; i <= 15; ++i) (void)rests(desk, numbered(i), "zigbee2mqtt");
  }
  REQUIRE(desk.told.size() == 2);
  CHECK(desk.alarm(1)->times.absence->affects == 0);
  // Nor are devices of different radios.
  DutyDesk other;
  for (int i = 1; i <= 4; ++i) {
    expect(other, numbered(i), 1h);
    (void)rests(other, numbered(i), "radio-" + numbered(i));
  }
  other.pass(5h);
  CHECK(other.told.size() == 4);
}

TEST_CASE("the silence of a radio whose commit failed is told again", "[rules][unit]") {
  DutyDesk desk;
  expect_many(desk, 17);
  desk.hold();
  desk.pass(3h + 5min);
  desk.fail_all();
  CHECK(desk.open().empty());
  desk.pass(1min);
  REQUIRE(desk.told.size() == 1);
  CHECK(desk.alarm(1)->source.device == "zigbee2mqtt");
}

TEST_CASE("a fire is loud while its radio is down", "[rules][unit]") {
  DutyDesk desk;
  expect_many(desk, 4);
  (void)desk.hear(said("z-1", Kind::smoke, DeclaredState::alarm), {"zigbee2mqtt/z-1", {}});
  desk.pass(30h);
  CHECK(desk.tone(1) == Tone::siren);
  CHECK(desk.alarm(1)->state() == AlarmState::unack);
  (void)bridge_says(desk, false);
  CHECK(desk.tone(1) == Tone::siren);
}

TEST_CASE("what a bridge says of itself is the one alarm, for as long as nobody is heard",
          "[rules][unit]") {
  DutyDesk desk;
  expect_many(desk, 5);
  const Verdict word = bridge_says(desk, false);
  REQUIRE(word.changes.transitions.size() == 1);
  CHECK(desk.alarm(1)->source.condition == Condition::fault);
  CHECK(desk.alarm(1)->times.absence->affects == 5);
  desk.pass(100h);
  CHECK(desk.told.size() == 1);
  (void)bridge_says(desk, true);
  desk.pass(2h + 59min);
  CHECK(silences(desk) == 0);
  // Its word was no more so once a device was heard: who is silent then is told.
  DutyDesk other;
  expect_many(other, 5);
  (void)bridge_says(other, false);
  for (int hour = 0; hour < 8; ++hour) {
    other.pass(1h);
    for (int i = 1; i <= 4; ++i) (void)rests(other, numbered(i), "zigbee2mqtt");
  }
  CHECK(silences(other) == 1);
}

TEST_CASE("a silence that was told is suppressed by its radio, and told again where it outlasts it",
          "[rules][unit]") {
  DutyDesk desk;
  expect_many(desk, 4);
  expect(desk, "plug", 1min);
  (void)rests(desk, "plug", "zigbee2mqtt");
  desk.pass(10min);
  REQUIRE(silences(desk) == 1);
  CHECK(desk.tone(1) == Tone::fault);
  desk.pass(3h);
  REQUIRE(silences(desk) == 2);
  CHECK(desk.alarm(1)->state() == AlarmState::suppressed);
  CHECK(desk.tone(1) == Tone::none);
  CHECK(desk.alarm(2)->times.absence->affects == 5);
  for (int i = 1; i <= 4; ++i) (void)rests(desk, numbered(i), "zigbee2mqtt");
  desk.pass(3min + 1s);
  CHECK(desk.alarm(1)->state() == AlarmState::unack);
  CHECK(desk.tone(1) == Tone::fault);
  (void)rests(desk, "plug", "zigbee2mqtt");
  CHECK_FALSE(desk.alarm(1)->is_active());
}

TEST_CASE("a radio that a person closed, or that had no room, hides nobody", "[rules][unit]") {
  DutyDesk desk;
  expect_many(desk, 5);
  desk.pass(4h);
  REQUIRE(desk.told.size() == 1);
  REQUIRE(desk.ask(desk.wish(DutyAction::take, 1)).refusal == Refusal::none);
  Command close = desk.wish(DutyAction::close, 1);
  close.outcome = AlarmOutcome::true_alarm;
  REQUIRE(desk.ask(close).refusal == Refusal::none);
  REQUIRE(silences(desk) == 0);
  desk.pass(4h);
  CHECK(silences(desk) == 1);
}

TEST_CASE("over a restart a radio stays the one alarm", "[rules][unit]") {
  DutyDesk desk;
  expect_many(desk, 17);
  desk.pass(6h);
  desk.restart(10min);
  desk.pass(50h);
  CHECK(desk.told.size() == 1);
  for (int i = 1; i <= 17; ++i) (void)rests(desk, numbered(i), "zigbee2mqtt");
  desk.pass(1s);
  CHECK_FALSE(desk.alarm(1)->is_active());
  CHECK(desk.told.size() == 2);
}

TEST_CASE("a link to a broker that is away explains whom it brings, a moment is nothing",
          "[rules][unit]") {
  DutyDesk desk;
  for (int i = 1; i <= 4; ++i) {
    expect(desk, numbered(i), 1h);
    (void)desk.hear(said(numbered(i), Kind::smoke, kAtRest),
                    {"radio-" + numbered(i) + "/x", "hall"});
  }
  desk.judgement().link("hall", false, desk.now);
  desk.pass(1min);
  desk.judgement().link("hall", true, desk.now);
  desk.pass(30min);
  CHECK(desk.told.empty());
  desk.judgement().link("hall", false, desk.now);
  desk.pass(50h);
  REQUIRE(desk.told.size() == 1);
  CHECK(desk.alarm(1)->source.device == "broker/hall");
  CHECK(desk.alarm(1)->times.absence->affects == 4);
  desk.judgement().link("hall", true, desk.now);
  desk.pass(1s);
  CHECK_FALSE(desk.alarm(1)->is_active());
  desk.pass(3h);
  CHECK(silences(desk) == 5);
}

TEST_CASE("what its bridge calls off line is told as that, not as a silence too", "[rules][unit]") {
  DutyDesk desk;
  expect(desk, "s", 1h);
  (void)rests(desk, "s", "zigbee2mqtt");
  Observation word = said("s", Kind::device_status, DeclaredState::fault);
  word.readings.push_back({"online", "", false});
  desk.pass(2h);
  (void)desk.hear(word, {"zigbee2mqtt/s/availability", {}});
  desk.pass(100h);
  CHECK(desk.open().size() == 1);
  CHECK(desk.alarm(1)->source.condition == Condition::fault);
}

#include "rules/conditions.hpp"

#include "support/catch.hpp"
#include "unit/rules/site_rules.hpp"

using namespace watchpost;
using namespace watchpost::rules;
using namespace watchpost::rules::testing;
using namespace std::chrono_literals;
using support::DutyDesk;
using support::said;

TEST_CASE("a limit that is reached is an alarm of rule and device, with the message as evidence",
          "[rules][unit]") {
  DutyDesk desk;
  SiteRule rule = level_above(4.0);
  rule.text = "The river is over 4 m";
  rule.text_zh = "河水超过 4 米";
  desk.use_rules({rule});
  const Verdict quiet = desk.hear(level(3.99));
  CHECK(quiet.event_class == EventClass::telemetry);
  CHECK(quiet.changes.transitions.empty());
  const Verdict raised = desk.hear(level(4000, "mm"));
  CHECK(raised.event_class == EventClass::alarm);
  CHECK(raised.severity_number == kSeverityAlarm);
  REQUIRE(raised.alarm);
  CHECK(raised.alarm->level == AlarmLevel::orange);
  REQUIRE(desk.alarm(1));
  const Alarm& alarm = *desk.alarm(1);
  CHECK(alarm.source == AlarmSource{"river-1", Kind::water_level, Condition::rule, "r"});
  CHECK(alarm.peak == 4.0);
  CHECK(alarm.text == "The river is over 4 m");
  CHECK(alarm.text_zh == "河水超过 4 米");
  REQUIRE(alarm.evidence.size() == 1);
  CHECK(alarm.evidence[0].sequence.value == 1);
  CHECK(desk.heard() == Tone::siren);
}

TEST_CASE("within the deadband an alarm neither ends nor begins", "[rules][unit]") {
  DutyDesk desk;
  desk.use_rules({level_above(4.0)});
  (void)desk.hear(level(4.02));
  for (const double value : {3.97, 4.01, 3.96, 4.3}) {
    desk.pass(5min);
    (void)desk.hear(level(value));
    CHECK(life_of(desk, 1) == Life::unack);
  }
  CHECK(desk.open().size() == 1);
  CHECK(desk.alarm(1)->count == 3);
  CHECK(desk.alarm(1)->peak == 4.3);
  desk.pass(5min);
  (void)desk.hear(level(3.94));
  CHECK(life_of(desk, 1) == Life::rtn_unack);
  CHECK(desk.heard() == Tone::none);
  (void)desk.hear(level(3.97));
  CHECK(life_of(desk, 1) == Life::rtn_unack);
}

TEST_CASE("a reading repeats a rule's alarm without being a repeat itself", "[rules][unit]") {
  DutyDesk desk;
  desk.use_rules({level_above(4.0)});
  (void)desk.hear(level(4.1));
  desk.pass(1min);
  const Verdict again = desk.hear(level(4.2));
  CHECK_FALSE(again.is_repeat);
  CHECK(again.event_class == EventClass::telemetry);
  CHECK(again.changes.transitions.empty());
}

TEST_CASE("what is below its limit keeps its least value as the peak", "[rules][unit]") {
  DutyDesk desk;
  SiteRule rule = rule_of(RuleTest::below, "pressure", 150);
  rule.unit = "kPa";
  rule.deadband = 20;
  rule.alarm_kind = Kind::hydrant_pressure;
  rule.grade.level = AlarmLevel::yellow;
  desk.use_rules({rule});
  const auto pressure = [](double value, const char* unit) {
    return said("hydrant-7", Kind::hydrant_pressure, DeclaredState::info,
                {{"pressure", unit, value}});
  };
  (void)desk.hear(pressure(0.2, "MPa"));
  CHECK(desk.open().empty());
  (void)desk.hear(pressure(0.14, "MPa"));
  (void)desk.hear(pressure(90, "kPa"));
  (void)desk.hear(pressure(1.6, "bar"));
  REQUIRE(desk.open().size() == 1);
  desk.pass(1min);
  CHECK(desk.alarm(1)->peak == 90);
  CHECK(desk.heard() == Tone::fault);
  (void)desk.hear(pressure(171, "kPa"));
  CHECK(life_of(desk, 1) == Life::rtn_unack);
}

TEST_CASE("an on-delay raises by time where the limit stays passed, and only then",
          "[rules][unit]") {
  DutyDesk desk;
  SiteRule rule = level_above(4.0);
  rule.on_delay = 5min;
  desk.use_rules({rule});
  (void)desk.hear(level(4.1));
  desk.pass(3min);
  (void)desk.hear(level(3.99));  // between: the wait begins anew
  desk.pass(10min);
  CHECK(desk.open().empty());
  (void)desk.hear(level(4.1));
  desk.pass(4min);
  CHECK(desk.open().empty());
  desk.pass(1min);
  REQUIRE(desk.open().size() == 1);
  CHECK(desk.alarm(1)->evidence.empty());
  CHECK(desk.alarm(1)->peak == 4.1);
}

TEST_CASE("an off-delay ends by time where the limit stays below, and only then", "[rules][unit]") {
  DutyDesk desk;
  SiteRule rule = level_above(4.0);
  rule.off_delay = 10min;
  desk.use_rules({rule});
  (void)desk.hear(level(4.1));
  desk.pass(2min);
  (void)desk.hear(level(3.5));
  desk.pass(9min);
  CHECK(life_of(desk, 1) == Life::unack);
  (void)desk.hear(level(4.0));
  desk.pass(20min);
  CHECK(life_of(desk, 1) == Life::unack);
  (void)desk.hear(level(3.5));
  desk.pass(10min);
  CHECK(life_of(desk, 1) == Life::rtn_unack);
}

TEST_CASE("null, doubtful and missing readings are no values", "[rules][unit]") {
  DutyDesk desk;
  desk.use_rules({level_above(4.0)});
  (void)desk.hear(level(4.1));
  Observation null = said("river-1", Kind::water_level, DeclaredState::info, {{"level", "m", {}}});
  (void)desk.hear(null);
  Observation doubtful = level(0.0);
  doubtful.quality = Quality::suspect;
  (void)desk.hear(doubtful);
  Observation sentinel = level(-9.99);
  sentinel.flags = {"sentinel"};
  sentinel.quality = Quality::invalid;
  (void)desk.hear(sentinel);
  (void)desk.hear(level(2.0, "V"));
  CHECK(life_of(desk, 1) == Life::unack);
}

TEST_CASE("a rise counts what was measured within its window, and gaps stay gaps",
          "[rules][unit]") {
  DutyDesk desk;
  SiteRule rule = rule_of(RuleTest::rise, "level", 0.2);
  rule.devices = {"river-1"};
  rule.unit = "m";
  rule.window = 10min;
  rule.least = 3;
  desk.use_rules({rule});
  for (const double value : {0.28, 0.30, 0.28}) {
    (void)desk.hear(level(value));
    desk.pass(2min);
  }
  (void)desk.hear(level(0.49));
  REQUIRE(desk.open().size() == 1);
  CHECK(desk.alarm(1)->peak == 0.49);
  // A slow rise of as much is none, nor is one over a gap.
  DutyDesk slow;
  slow.use_rules({rule});
  for (int i = 0; i < 40; ++i) {
    (void)slow.hear(level(0.28 + 0.01 * i));
    slow.pass(2min);
  }
  slow.pass(2h);
  (void)slow.hear(level(3.0));
  CHECK(slow.open().empty());
}

TEST_CASE("late records fill a window and say nothing by themselves", "[rules][unit]") {
  DutyDesk desk;
  SiteRule rule = rule_of(RuleTest::rise, "level", 0.2);
  rule.devices = {"river-1"};
  rule.unit = "m";
  rule.window = 30min;
  rule.least = 3;
  desk.use_rules({rule});
  const auto at = [&](double value, std::chrono::minutes ago, bool is_late) {
    Observation one = level(value);
    one.observed_at = desk.now.wall - ago;
    one.time_source = TimeSource::device;
    one.history = is_late;
    return one;
  };
  (void)desk.hear(at(0.28, 20min, true));
  (void)desk.hear(at(0.28, 15min, true));
  (void)desk.hear(at(0.60, 10min, true));
  CHECK(desk.open().empty());
  (void)desk.hear(at(0.61, 0min, false));
  CHECK(desk.open().size() == 1);
}

TEST_CASE("a clock that is a year off dates nothing", "[rules][unit]") {
  DutyDesk desk;
  SiteRule rule = rule_of(RuleTest::rise, "level", 0.2);
  rule.devices = {"river-1"};
  rule.unit = "m";
  rule.window = 10min;
  rule.least = 2;
  desk.use_rules({rule});
  const auto off = [&](double value, std::chrono::hours by) {
    Observation one = level(value);
    one.observed_at = desk.now.wall + by;
    one.time_source = TimeSource::device;
    return one;
  };
  (void)desk.hear(off(0.2, -24h * 365));
  desk.pass(5min);
  (void)desk.hear(off(0.5, 24h * 365));
  CHECK(desk.open().size() == 1);
}

TEST_CASE("a jump is from one reading to the next, not over a gap", "[rules][unit]") {
  DutyDesk desk;
  SiteRule rule = rule_of(RuleTest::jump, "level", 1.0);
  rule.devices = {"river-1"};
  rule.unit = "m";
  rule.window = 30min;
  desk.use_rules({rule});
  (void)desk.hear(level(2.0));
  desk.pass(10min);
  (void)desk.hear(level(2.9));
  desk.pass(1h);
  (void)desk.hear(level(5.0));
  CHECK(desk.open().empty());
  desk.pass(10min);
  (void)desk.hear(level(3.9));
  CHECK(life_of(desk, 1) == Life::unack);
  desk.pass(10min);
  (void)desk.hear(level(3.8));
  CHECK(life_of(desk, 1) == Life::rtn_unack);
}

TEST_CASE("equal is the same word, number or truth", "[rules][unit]") {
  DutyDesk desk;
  SiteRule rule = rule_of(RuleTest::equals, "contact", 0);
  rule.wanted = false;
  rule.alarm_kind = Kind::measurement;
  desk.use_rules({rule});
  const auto door = [](Reading::Value value) {
    return said("door-1", Kind::measurement, DeclaredState::info, {{"contact", "", value}});
  };
  (void)desk.hear(door(true));
  (void)desk.hear(door("open"));
  CHECK(desk.open().empty());
  (void)desk.hear(door(false));
  CHECK(life_of(desk, 1) == Life::unack);
  (void)desk.hear(door({}));
  CHECK(life_of(desk, 1) == Life::unack);
  (void)desk.hear(door(true));
  CHECK(life_of(desk, 1) == Life::rtn_unack);
}

TEST_CASE("silence is noticed by time, also of a device that was never heard", "[rules][unit]") {
  DutyDesk desk;
  SiteRule rule = rule_of(RuleTest::no_data, "", 0);
  rule.devices = {"river-1", "river-2"};
  rule.window = 30min;
  desk.use_rules({rule});
  desk.pass(20min);
  (void)desk.hear(level(2.0));
  desk.pass(10min);
  REQUIRE(desk.open().size() == 1);
  CHECK(desk.alarm(1)->source.device == "river-2");
  desk.pass(20min);
  REQUIRE(desk.open().size() == 2);
  CHECK(desk.alarm(2)->source.device == "river-1");
  desk.pass(24h);
  CHECK(desk.open().size() == 2);
  (void)desk.hear(level(2.0));
  CHECK(life_of(desk, 2) == Life::rtn_unack);
  // A late record is no sign of life.
  Observation late = said("river-2", Kind::water_level, DeclaredState::info, {{"level", "m", 1.0}});
  late.history = true;
  (void)desk.hear(late);
  CHECK(life_of(desk, 1) == Life::unack);
}

namespace {

void enter(DutyDesk& desk, const std::string& id, const std::string& place) {
  Device device;
  device.id = id;
  device.place = place;
  device.service = DeviceService::in_service;
  (void)desk.enter(device);
}

SiteRule two_of_stairwell() {
  SiteRule rule = rule_of(RuleTest::two_of, "", 0);
  rule.kind = Kind::smoke;
  rule.place = "3/2";
  rule.window = 5min;
  rule.alarm_kind = Kind::smoke;
  rule.grade.level = AlarmLevel::red;
  return rule;
}

}  // namespace

TEST_CASE("two detectors of one stairwell within the window are one alarm of the rule",
          "[rules][unit]") {
  DutyDesk desk;
  enter(desk, "s-301", "3/2/301");
  enter(desk, "s-401", "3/2/401");
  enter(desk, "s-501", "3/2/501");
  enter(desk, "s-x", "3/20/101");
  desk.use_rules({two_of_stairwell()});
  const auto smoke = [](const char* device, DeclaredState state) {
    return said(device, Kind::smoke, state);
  };
  (void)desk.hear(smoke("s-301", DeclaredState::alarm));
  (void)desk.hear(smoke("s-x", DeclaredState::alarm));
  desk.pass(6min);
  (void)desk.hear(smoke("s-401", DeclaredState::alarm));
  CHECK(desk.open().size() == 3);  // each its own, and none of the rule
  desk.pass(2min);
  (void)desk.hear(smoke("s-501", DeclaredState::alarm));
  REQUIRE(desk.open().size() == 5);
  CHECK(desk.alarm(5)->source.rule == "r");
  CHECK(desk.alarm(5)->grade.level == AlarmLevel::red);
  CHECK(desk.alarm(5)->source.device == "s-501");
  (void)desk.hear(smoke("s-401", DeclaredState::alarm));
  (void)desk.hear(smoke("s-301", DeclaredState::alarm));
  CHECK(desk.open().size() == 5);
  for (const char* device : {"s-301", "s-401"})
    (void)desk.hear(smoke(device, DeclaredState::normal));
  CHECK(life_of(desk, 5) == Life::unack);
  desk.pass(2min);
  (void)desk.hear(smoke("s-501", DeclaredState::normal));
  CHECK(life_of(desk, 5) == Life::rtn_unack);
}

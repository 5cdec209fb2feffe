// What rules remember: over failed commits, restarts and other rules.
#include "support/catch.hpp"
#include "unit/rules/site_rules.hpp"

using namespace watchpost;
using namespace watchpost::rules;
using namespace watchpost::rules::testing;
using namespace std::chrono_literals;
using support::DutyDesk;
using support::said;

TEST_CASE("a rule takes back what it remembered with the commit that failed", "[rules][unit]") {
  DutyDesk desk;
  SiteRule jump = rule_of(RuleTest::jump, "level", 1.0);
  jump.devices = {"river-1"};
  jump.unit = "m";
  desk.use_rules({jump});
  (void)desk.hear(level(2.0));
  desk.hold();
  (void)desk.hear(level(4.0));
  desk.fail_all();
  CHECK(desk.open().empty());
  // Its sender brings it again.
  (void)desk.hear(level(4.0));
  CHECK(desk.open().size() == 1);
}

TEST_CASE("what a rule's timer raised is raised again where its commit failed", "[rules][unit]") {
  DutyDesk desk;
  SiteRule rule = level_above(4.0);
  rule.on_delay = 5min;
  SiteRule silence = rule_of(RuleTest::no_data, "", 0);
  silence.name = "silence";
  silence.devices = {"river-1"};
  silence.window = 30min;
  desk.use_rules({rule, silence});
  (void)desk.hear(level(4.1));
  desk.hold();
  desk.pass(5min);
  CHECK(desk.open().empty());
  desk.fail_all();
  desk.pass(1s);
  CHECK(desk.open().size() == 1);
  desk.hold();
  desk.pass(30min);
  desk.fail_all();
  desk.pass(1s);
  CHECK(desk.open().size() == 2);
}

TEST_CASE("after a restart a rule goes on with what the store has", "[rules][unit]") {
  DutyDesk desk;
  SiteRule rise = rule_of(RuleTest::rise, "level", 0.2);
  rise.name = "rise";
  rise.devices = {"river-1"};
  rise.unit = "m";
  rise.window = 30min;
  rise.least = 3;
  SiteRule delayed = level_above(4.0);
  delayed.on_delay = 10min;
  SiteRule silence = rule_of(RuleTest::no_data, "", 0);
  silence.name = "silence";
  silence.devices = {"river-1"};
  silence.window = 30min;
  desk.use_rules({rise, delayed, silence});
  (void)desk.hear(level(4.0));
  desk.pass(2min);
  (void)desk.hear(level(4.0));
  desk.restart(3min);
  CHECK(desk.open().empty());
  (void)desk.hear(level(4.3));
  REQUIRE(desk.open().size() == 1);
  CHECK(desk.alarm(1)->source.rule == "rise");
  desk.restart(1min);
  desk.pass(4min);
  REQUIRE(desk.open().size() == 2);
  CHECK(desk.alarm(2)->source.rule == "r");
  desk.restart(5min);
  desk.pass(20min);
  CHECK(desk.open().size() == 3);
}

TEST_CASE("other rules drop no open alarm, and keep what stays the same", "[rules][unit]") {
  DutyDesk desk;
  SiteRule delayed = level_above(4.0);
  delayed.name = "delayed";
  delayed.on_delay = 10min;
  desk.use_rules({level_above(3.0), delayed});
  (void)desk.hear(level(4.5));
  REQUIRE(desk.open().size() == 1);
  desk.pass(5min);
  desk.judgement().use_rules(std::make_shared<const Conditions::Rules>(Conditions::Rules{delayed}),
                             desk.now);
  desk.judgement().watch_silence(desk.now);
  CHECK(desk.open().size() == 1);
  CHECK(desk.heard() == Tone::siren);
  desk.pass(5min);
  CHECK(desk.open().size() == 2);
  (void)desk.hear(level(1.0));
  CHECK(life_of(desk, 1) == Life::unack);
  CHECK(life_of(desk, 2) == Life::rtn_unack);
  CHECK(desk.ask(desk.wish(DutyAction::take, 1)).refusal == Refusal::none);
  Command close = desk.wish(DutyAction::close, 1);
  close.outcome = AlarmOutcome::true_alarm;
  CHECK(desk.ask(close).refusal == Refusal::none);
  CHECK(life_of(desk, 1) == Life::closed);
}

TEST_CASE("a rule that is to latch stays loud when its water has gone", "[rules][unit]") {
  DutyDesk desk;
  SiteRule rule = level_above(4.0);
  rule.latching = true;
  desk.use_rules({rule});
  (void)desk.hear(level(4.2));
  desk.pass(5min);
  (void)desk.hear(level(1.0));
  CHECK(life_of(desk, 1) == Life::rtn_unack);
  CHECK(desk.heard() == Tone::siren);
}

TEST_CASE("a water station's level comes from depth, distance or elevation", "[rules][unit]") {
  DutyDesk desk;
  SiteRule rule = level_above(4.0);
  rule.quantity = "level";
  rule.gauge = Gauge{6.0, false};
  rule.alarm_kind = Kind::water_level;
  desk.use_rules({rule});
  const auto tells = [](const char* quantity, const char* unit, double value) {
    return said("river-1", Kind::water_distance, DeclaredState::info, {{quantity, unit, value}});
  };
  (void)desk.hear(tells("distance", "mm", 2'100));  // 3.9 m
  CHECK(desk.open().empty());
  (void)desk.hear(tells("distance", "mm", 1'900));  // 4.1 m
  REQUIRE(desk.open().size() == 1);
  CHECK(desk.alarm(1)->peak == Approx(4.1));
  (void)desk.hear(tells("level", "m", 3.9));
  CHECK(life_of(desk, 1) == Life::rtn_unack);
  DutyDesk deep;
  rule.gauge = Gauge{1.5, true};
  deep.use_rules({rule});
  (void)deep.hear(tells("depth", "cm", 240));
  CHECK(deep.open().empty());
  (void)deep.hear(tells("level", "m", 2.6));
  CHECK(deep.open().size() == 1);
}

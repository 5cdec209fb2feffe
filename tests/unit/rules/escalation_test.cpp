// What a site says of escalation: after how long a stage comes.
#include "support/catch.hpp"
#include "support/duty_desk.hpp"

using namespace watchpost;
using namespace watchpost::rules;
using namespace std::chrono_literals;
using support::DutyDesk;
using support::said;

namespace {

EscalationRules fire_after(std::chrono::seconds first, std::chrono::seconds second) {
  EscalationRule rule;
  rule.which.alarms = {"smoke"};
  rule.after = {first, second, 1000s};
  return {rule};
}
JudgementOptions options_with(EscalationRules rules) {
  JudgementOptions options;
  options.escalations = std::move(rules);
  return options;
}
void burns(DutyDesk& desk) {
  (void)desk.hear(said("smoke-1", Kind::smoke, DeclaredState::alarm));
}

}  // namespace

TEST_CASE("stages come when the rule of the site says, others as their kind has it",
          "[rules][unit]") {
  DutyDesk desk(options_with(fire_after(20s, 30s)));
  burns(desk);
  (void)desk.hear(said("cord", Kind::sos, DeclaredState::alarm));
  desk.pass(19s);
  CHECK(desk.alarm(1)->escalation == 0);
  desk.pass(2s);
  CHECK(desk.alarm(1)->escalation == 1);
  desk.pass(10s);
  CHECK(desk.alarm(1)->escalation == 2);
  CHECK(desk.alarm(2)->escalation == 0);
  desk.pass(30s);
  CHECK(desk.alarm(2)->escalation == 1);
}

TEST_CASE("J2: an escalation that runs goes on with other rules, and never back", "[rules][unit]") {
  DutyDesk desk;
  burns(desk);
  desk.pass(61s);
  CHECK(desk.alarm(1)->escalation == 1);
  SECTION("sooner, where its time has passed already") {
    desk.judgement().use(fire_after(10s, 40s));
    desk.pass(1s);
    CHECK(desk.alarm(1)->escalation == 2);
  }
  SECTION("later") {
    desk.judgement().use(fire_after(200s, 400s));
    desk.pass(200s);
    CHECK(desk.alarm(1)->escalation == 1);
    desk.pass(200s);
    CHECK(desk.alarm(1)->escalation == 2);
  }
  CHECK(desk.heard() == Tone::siren);
}

TEST_CASE("a running escalation goes on by the rule after a restart", "[rules][unit]") {
  DutyDesk desk(options_with(fire_after(20s, 90s)));
  burns(desk);
  desk.pass(25s);
  desk.restart(1s);
  CHECK(desk.alarm(1)->escalation == 1);
  desk.pass(66s);
  CHECK(desk.alarm(1)->escalation == 2);
}

TEST_CASE("a device that is entered at another place has the rule of that place", "[rules][unit]") {
  EscalationRules rules = fire_after(5s, 10s);
  rules[0].which.places = {"Building 3"};
  DutyDesk desk(options_with(rules));
  burns(desk);
  desk.pass(8s);
  CHECK(desk.alarm(1)->escalation == 0);
  Device device;
  device.id = "smoke-1";
  device.place = "Building 3, unit 2";
  (void)desk.enter(device);
  desk.pass(1s);
  CHECK(desk.alarm(1)->escalation == 1);
}

TEST_CASE("what became of telling people is kept with an open alarm, and changes nothing else",
          "[rules][unit]") {
  DutyDesk desk;
  burns(desk);
  const SharedAlarm before = desk.alarm(1);
  const Telling told{"chat", 1, before->waiting_since, ToldHow::refused, "errcode 1", 1};
  const Changes changes = desk.judgement().told({{AlarmSerial{1}, told}}, desk.now);
  CHECK(changes.transitions.empty());
  REQUIRE(changes.facts.size() == 1);
  const auto& row = std::get<SharedAlarm>(changes.facts[0]);
  CHECK(row->told == std::vector{told});
  CHECK(row->revision == before->revision);
  CHECK(row->transitions == before->transitions);
  desk.judgement().rolled_back(changes.step);
  CHECK(desk.alarm(1)->told.empty());
  CHECK_FALSE(desk.judgement().told({{AlarmSerial{2}, told}}, desk.now).any());
}

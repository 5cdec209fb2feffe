// Which outputs an alarm calls, and that none of them falls silent by itself.
#include "outputs/calls.hpp"

#include "support/catch.hpp"

using namespace watchpost;
using namespace watchpost::outputs;
using namespace std::chrono_literals;

namespace {

Alarm smoke(std::uint8_t escalation = 0) {
  Alarm alarm;
  alarm.number = {1, AlarmSerial{37}};
  alarm.source = {"kitchen", Kind::smoke};
  alarm.grade.level = AlarmLevel::orange;
  alarm.waiting_since = ServiceTime{10s};
  alarm.escalation = escalation;
  return alarm;
}

EscalationRule rule(AlarmChoice which, std::vector<std::string> at_once,
                    std::vector<std::string> step_2 = {}) {
  EscalationRule one;
  one.which = std::move(which);
  one.told[0] = std::move(at_once);
  one.told[2] = std::move(step_2);
  return one;
}

// "hall" sounds at once, "yard" from step 2, where no rule says otherwise.
std::vector<CallTerms> hall_and_yard() {
  return {{"hall", 0, {}}, {"yard", 2, {}}};
}

// "hall yard": what sounds with these alarms.
std::string sounding(Calls& calls, const std::vector<PlacedAlarm>& alarms, bool sounds = true) {
  calls.begin();
  for (const PlacedAlarm& one : alarms) calls.see(one, sounds);
  const OutputSet set = calls.end();
  std::string text;
  if (set[0]) text += "hall ";
  if (set[1]) text += "yard ";
  return text;
}

}  // namespace

TEST_CASE("an output that no rule names is called from its own step", "[outputs][unit]") {
  Calls calls(hall_and_yard());
  CHECK(sounding(calls, {{smoke(0), ""}}) == "hall ");
  CHECK(sounding(calls, {{smoke(1), ""}}) == "hall ");
  CHECK(sounding(calls, {{smoke(2), ""}}) == "hall yard ");
  CHECK(sounding(calls, {}).empty());
  CHECK(sounding(calls, {{smoke(0), ""}}) == "hall ");
}

TEST_CASE("an alarm goes by the first rule that fits it", "[outputs][unit]") {
  Calls calls(
      hall_and_yard(),
      {rule({{}, {"fall"}, {}}, {"hall"}),
       rule({{AlarmLevel::orange}, {}, {"Building 3"}}, {"yard"}, {"hall"}), rule({}, {"hall"})});
  CHECK(sounding(calls, {{smoke(0), "Building 3, unit 2"}}) == "yard ");
  CHECK(sounding(calls, {{smoke(2), "Building 3, unit 2"}}) == "hall yard ");
  (void)sounding(calls, {});
  CHECK(sounding(calls, {{smoke(2), "Building 4"}}) == "hall ");
}

TEST_CASE("an output that no rule names, and an alarm that none fits, go by the step",
          "[outputs][unit]") {
  Calls unnamed(hall_and_yard(), {rule({}, {"yard"})});
  CHECK(sounding(unnamed, {{smoke(0), ""}}) == "hall yard ");
  Calls unfitting(hall_and_yard(), {rule({{}, {"fall"}, {}}, {"yard"})});
  CHECK(sounding(unfitting, {{smoke(0), ""}}) == "hall ");
}

TEST_CASE("an output may be of some alarms only", "[outputs][unit]") {
  auto terms = hall_and_yard();
  terms[0].which.levels = {AlarmLevel::red};
  terms[1].which.places = {"Building 3"};
  Calls calls(terms, {rule({}, {"hall", "yard"})});
  CHECK(sounding(calls, {{smoke(0), "Building 4"}}).empty());
  CHECK(sounding(calls, {{smoke(0), "Building 3"}}) == "yard ");
}

TEST_CASE("J2: what an alarm has called stays called until nobody is waited for",
          "[outputs][unit]") {
  Calls calls(hall_and_yard(), {rule({{AlarmLevel::orange}, {}, {}}, {"yard"})});
  CHECK(sounding(calls, {{smoke(), ""}}) == "hall yard ");
  SECTION("whatever the configuration says from then on") {
    calls.use(hall_and_yard(), {rule({}, {"hall"}, {"yard"})});
  }
  SECTION("or its level") {
    Alarm red = smoke();
    red.grade.level = AlarmLevel::red;
    CHECK(sounding(calls, {{red, ""}}) == "hall yard ");
  }
  CHECK(sounding(calls, {{smoke(), ""}}) == "hall yard ");
  CHECK(sounding(calls, {{smoke(), ""}}, false).empty());  // somebody silenced it
  CHECK(sounding(calls, {{smoke(), ""}}) == "hall yard ");
  Alarm again = smoke();
  again.waiting_since = ServiceTime{500s};
  calls.use(hall_and_yard(), {});
  CHECK(sounding(calls, {{again, ""}}) == "hall ");
}

TEST_CASE("J2: whom an alarm has called for is told, whatever the configuration says meanwhile",
          "[outputs][unit]") {
  std::vector<CallTerms> terms{{"chat", 0, {}, false}};
  Calls calls(terms, {rule({}, {"chat"})});
  const auto wanted = [&calls](const Alarm& alarm) {
    std::vector<int> stages;
    calls.begin();
    calls.see({alarm, ""}, true,
              [&stages](const Calls::Call& call) { stages.push_back(call.stage); });
    (void)calls.end();
    return stages;
  };
  CHECK(wanted(smoke(0)) == std::vector{0});
  calls.use(terms, {rule({}, {}, {"chat"})});
  CHECK(wanted(smoke(0)) == std::vector{0});  // it may not have been taken yet
  CHECK(wanted(smoke(1)) == std::vector{0});
  CHECK(wanted(smoke(2)) == std::vector{2});
  Alarm again = smoke(0);
  again.waiting_since = ServiceTime{500s};
  CHECK(wanted(again).empty());
}

TEST_CASE("by which alarm a siren sounds is said, and not while it is silenced",
          "[outputs][unit]") {
  Calls calls({{"horn", 1, {}, true}}, {});
  const auto wanted = [&calls](const Alarm& alarm, bool sounds) {
    std::vector<int> stages;
    calls.begin();
    calls.see({alarm, ""}, sounds,
              [&stages](const Calls::Call& call) { stages.push_back(call.stage); });
    (void)calls.end();
    return stages;
  };
  CHECK(wanted(smoke(0), true).empty());
  CHECK(wanted(smoke(2), true) == std::vector{1});
  CHECK(wanted(smoke(2), false).empty());
  CHECK(wanted(smoke(2), true) == std::vector{1});
}

TEST_CASE("a fault calls only who is named for it, and no siren", "[outputs][unit]") {
  Alarm fault = smoke();
  fault.source.condition = Condition::fault;
  fault.grade.level = AlarmLevel::blue;
  const PlacedAlarm one{fault, "", false};
  CHECK_FALSE(AlarmChoice{}.fits(one));
  CHECK_FALSE(AlarmChoice{{}, {}, {""}}.fits(one));
  CHECK(AlarmChoice{{AlarmLevel::blue}, {}, {}}.fits(one));
  CHECK(AlarmChoice{{}, {"fault"}, {}}.fits(one));
  CHECK_FALSE(AlarmChoice{{}, {"smoke"}, {}}.fits(one));
  Calls calls(hall_and_yard(), {rule({{AlarmLevel::blue}, {}, {}}, {"hall"})});
  CHECK(sounding(calls, {one}) == "hall ");
  CHECK(sounding(calls, {one}, false).empty());
}

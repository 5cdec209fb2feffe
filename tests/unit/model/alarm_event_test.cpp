// What an event says of a transition: whoever has the newest of each alarm needs nothing else.
#include "model/alarm_event.hpp"

#include "base/json_text.hpp"
#include "support/catch.hpp"
#include "support/judged_rows.hpp"

using namespace watchpost;
using namespace watchpost::support;

namespace {

bool has_in(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

Transition a_transition(const Alarm& alarm) {
  Transition transition;
  transition.alarm = std::make_shared<const Alarm>(alarm);
  transition.from = AlarmState::suspected;
  transition.to = alarm.state();
  transition.event = AlarmEvent::confirmed;
  transition.grade_before.level = AlarmLevel::yellow;
  transition.actor = {Origin::cli, "Duty 值班", "desk"};
  transition.note = "on my way";
  transition.at = a_stamp(60'000);
  transition.since_raised = std::chrono::milliseconds{59'999};
  return transition;
}

Alarm a_plain_alarm() {
  Alarm alarm = an_alarm(37, Life::unack);
  alarm.holds = {};
  alarm.marks = {};
  alarm.source = {"hall 3", Kind::smoke, Condition::alarm, {}};
  return alarm;
}

}  // namespace

TEST_CASE("a transition says all that is to be known of its alarm", "[model][unit]") {
  const std::string data = transition_data(a_transition(a_plain_alarm()), {"kitchen", "3-201"});
  CHECK(scan_json(data).valid);
  CHECK(data ==
        R"({"kind":"smoke","name":"kitchen","state":"UNACK","urgency":"Future",)"
        R"("severity":"Severe","certainty":"Possible","alarm":{"number":37,"epoch":"f0000001",)"
        R"("device":"hall 3","kind":"smoke","condition":"alarm","name":"kitchen","place":"3-201",)"
        R"("state":"UNACK","open":true,"level":"red","status":"Actual","msgtype":"Update",)"
        R"("urgency":"Future","severity":"Severe","certainty":"Possible","transition":4,)"
        R"("revision":3,"count":5,"previous":"SUSPECTED","event":"confirmed",)"
        R"("level_before":"yellow","changed":"2027-01-15T08:01:00.000Z","since_raised_ms":59999,)"
        R"("by":{"origin":"cli","who":"Duty 值班","from":"desk"},"note":"on my way",)"
        R"("since":"2027-01-15T08:00:00.001Z","last":"2027-01-15T08:00:00.002Z",)"
        R"("taken":"2027-01-15T08:00:00.004Z","verified_at":"2027-01-15T08:00:00.005Z",)"
        R"("arrived":"2027-01-15T08:00:00.006Z","returned":"2027-01-15T08:00:00.007Z",)"
        R"("closed":"2027-01-15T08:00:00.008Z","clock":"synced","peak":0.1,"owner":"Duty 值班",)"
        R"("verified":false,"cause":"fried peppers","prev":{"number":7,"epoch":"f0000000"},)"
        R"("evidence":["f0000001.a.12","f0000002.s.13"]}})");
}

TEST_CASE("a drill, a test and the end are marked as CAP marks them", "[model][unit]") {
  Alarm alarm = a_plain_alarm();
  alarm.marks.exercise = true;
  alarm.transitions = 1;
  CHECK(has_in(alarm_object(alarm, {}), R"("status":"Exercise","msgtype":"Alert")"));
  alarm.marks = {};
  alarm.marks.test = true;
  alarm.life = Life::closed;
  alarm.outcome = AlarmOutcome::test;
  const std::string closed = alarm_object(alarm, {});
  CHECK(has_in(closed, R"("status":"Test","msgtype":"Cancel")"));
  CHECK(has_in(closed, R"("open":false)"));
  CHECK(has_in(closed, R"("outcome":"test")"));
  CHECK(scan_json(closed).valid);
}

TEST_CASE("names in any bytes, a clock that was wrong and evidence without a number do no harm",
          "[model][unit]") {
  Alarm alarm = an_alarm(1);
  alarm.times.raised.clock = ClockQuality::unset;
  alarm.evidence = {{StepNumber{9}, 0, EventClass::alarm, Seq{}}};
  Transition transition = a_transition(alarm);
  transition.note = "\xff\x01";
  const std::string data = transition_data(transition, {"\xfe", "\"\\"});
  CHECK(scan_json(data).valid);
  CHECK(has_in(data, R"("evidence":[])"));
  CHECK_FALSE(has_in(data, R"("since":)"));
}

TEST_CASE("a deed says what was done, to what, by whom and for how long", "[model][unit]") {
  Deed deed;
  deed.action = DutyAction::drill_start;
  deed.actor = {Origin::api, "Li", {}};
  deed.scope = {{}, {"3-201"}, {Kind::smoke}};
  deed.note = "autumn";
  deed.lasts = std::chrono::minutes{30};
  deed.at = a_stamp(0);
  CHECK(deed_data(deed) ==
        R"({"action":"drill_start","by":{"origin":"api","who":"Li"},)"
        R"("at":"2027-01-15T08:00:00.000Z","note":"autumn","minutes":30,"places":["3-201"],)"
        R"("kinds":["smoke"]})");
  Deed test;
  test.action = DutyAction::test_output;
  test.actor = {Origin::api, "Li", {}};
  test.output = "yard";
  test.how = ToldHow::status;
  test.detail = "HTTP 500";
  test.at = a_stamp(0);
  CHECK(deed_data(test) ==
        R"({"action":"test_output","by":{"origin":"api","who":"Li"},"output":"yard",)"
        R"("how":"status","detail":"HTTP 500","at":"2027-01-15T08:00:00.000Z"})");
}

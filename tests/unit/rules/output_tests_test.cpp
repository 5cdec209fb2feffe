// Tests of outputs: one at a time, their end is kept, and no failure of the store loses it.
#include "rules/output_tests.hpp"

#include "support/catch.hpp"
#include "support/duty_desk.hpp"

using namespace watchpost;
using namespace watchpost::rules;
using namespace std::chrono_literals;
using support::DutyDesk;

namespace {

JudgementOptions with_outputs() {
  JudgementOptions options;
  options.outputs = {"yard", "chat"};
  return options;
}

Command asking_to_test(DutyDesk& desk, const char* output) {
  Command command = desk.wish(DutyAction::test_output);
  command.output = output;
  return command;
}

const Duty& duty_of(DutyDesk& desk) {
  return desk.judgement().duty_on_disk();
}

OutputTestEnd end_of(DutyDesk& desk, ToldHow how) {
  const auto& test = duty_of(desk).output_test;
  REQUIRE(test);
  return {test->output, test->since, how, "errcode 1"};
}

}  // namespace

TEST_CASE("an output is tested, and how it ended is on record", "[rules][unit]") {
  DutyDesk desk(with_outputs());
  CHECK(desk.ask(asking_to_test(desk, "")).field == "output");
  CHECK(desk.ask(asking_to_test(desk, "yrad")).refusal == Refusal::output_unknown);
  CHECK(desk.ask(asking_to_test(desk, "yard")).refusal == Refusal::none);
  CHECK(desk.ask(asking_to_test(desk, "chat")).refusal == Refusal::output_under_test);
  REQUIRE(desk.deeds.size() == 1);
  CHECK(desk.deeds[0].output == "yard");
  CHECK_FALSE(desk.deeds[0].how);

  const OutputTestEnd end = end_of(desk, ToldHow::accepted);
  desk.end_test(end);
  CHECK_FALSE(duty_of(desk).output_test);
  REQUIRE(duty_of(desk).tested.size() == 1);
  CHECK(duty_of(desk).tested[0].output == "yard");
  CHECK(duty_of(desk).tested[0].passed == duty_of(desk).tested[0].at.service);
  REQUIRE(desk.deeds.size() == 2);
  CHECK(desk.deeds[1].how == ToldHow::accepted);

  // Told again, since its sender does not know that it is on disk.
  desk.end_test(end);
  CHECK(desk.deeds.size() == 2);
}

TEST_CASE("a test that failed keeps when the output passed one last", "[rules][unit]") {
  DutyDesk desk(with_outputs());
  REQUIRE(desk.ask(asking_to_test(desk, "chat")).refusal == Refusal::none);
  desk.end_test(end_of(desk, ToldHow::accepted));
  const auto passed = duty_of(desk).tested[0].passed;
  desk.pass(24h);
  REQUIRE(desk.ask(asking_to_test(desk, "chat")).refusal == Refusal::none);
  desk.end_test(end_of(desk, ToldHow::refused));
  REQUIRE(duty_of(desk).tested.size() == 1);
  CHECK(duty_of(desk).tested[0].how == ToldHow::refused);
  CHECK(duty_of(desk).tested[0].detail == "errcode 1");
  CHECK(duty_of(desk).tested[0].passed == passed);
}

TEST_CASE("a test and its end are there after a restart, and a failed commit undoes its end only",
          "[rules][unit]") {
  DutyDesk desk(with_outputs());
  REQUIRE(desk.ask(asking_to_test(desk, "yard")).refusal == Refusal::none);
  desk.restart(2s);
  const OutputTestEnd end = end_of(desk, ToldHow::no_answer);
  desk.hold();
  desk.end_test(end);
  desk.fail_all();
  CHECK(duty_of(desk).output_test);
  CHECK(duty_of(desk).tested.empty());
  desk.end_test(end);
  desk.commit_all();
  CHECK_FALSE(duty_of(desk).output_test);
  desk.restart(2s);
  REQUIRE(duty_of(desk).tested.size() == 1);
  CHECK(duty_of(desk).tested[0].how == ToldHow::no_answer);
  CHECK_FALSE(duty_of(desk).tested[0].passed);
}

TEST_CASE("the end of another test than the one under way changes nothing", "[rules][unit]") {
  DutyDesk desk(with_outputs());
  REQUIRE(desk.ask(asking_to_test(desk, "yard")).refusal == Refusal::none);
  OutputTestEnd end = end_of(desk, ToldHow::accepted);
  end.since -= 1ms;
  desk.end_test(end);
  CHECK(duty_of(desk).output_test);
  end.since += 1ms;
  end.output = "chat";
  desk.end_test(end);
  CHECK(duty_of(desk).output_test);
}

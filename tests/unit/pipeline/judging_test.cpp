// Judgement between messages and the store: what it changes is in the append of what caused it, and
// it is told what became of that append.
#include "bench.hpp"
#include "support/catch.hpp"

using namespace watchpost;
using namespace watchpost::pipeline;
using namespace watchpost::pipeline::testing;
using namespace watchpost::support;

namespace {

const Failure kFull{Failure::Kind::storage, "full", "make room"};

struct DutyBench : Bench {
  std::vector<CommandResult> answers;

  void says(DeclaredState state, std::string_view device = "kitchen", Kind kind = Kind::smoke) {
    decoder.answer = {decode::Outcome::decoded, "senml", "", {observed(kind, state, device)}, ""};
    submit("{}");
  }
  void ask(DutyAction action, std::uint64_t alarm, std::string key = "") {
    Command command;
    command.action = action;
    command.alarm.serial.value = alarm;
    command.by = {Origin::cli, "Wang", "desk"};
    command.granted = all_actions();
    command.key = key.empty() ? "key " + std::to_string(++keys) : std::move(key);
    const SharedAlarm row = this->alarm(alarm);
    command.seen_revision = row ? row->revision : 0;
    if (action == DutyAction::close) command.outcome = AlarmOutcome::true_alarm;
    pipeline.obey(command, [this](const CommandResult& result) { answers.push_back(result); });
  }
  void pass(std::chrono::seconds by) {
    clock.advance(by);
    pipeline.look_after_news();
  }
  [[nodiscard]] SharedAlarm alarm(std::uint64_t count) const {
    return pipeline.judging().judgement().on_disk({0, AlarmSerial{count}});
  }
  [[nodiscard]] std::size_t open() const {
    std::size_t count = 0;
    pipeline.judging().judgement().for_each_open([&count](const SharedAlarm&) { ++count; });
    return count;
  }
  static boost::json::object data(const Record& record) {
    return boost::json::parse(record.annotation).as_object();
  }

 private:
  std::uint64_t keys = 0;
};

}  // namespace

TEST_CASE("an alarm's transition is a record behind that of its evidence, in the same append",
          "[pipeline][unit]") {
  DutyBench bench;
  bench.says(DeclaredState::alarm);
  REQUIRE(bench.spool.waiting.size() == 1);
  const auto& append = bench.spool.waiting[0];
  REQUIRE(append.records.size() == 2);
  CHECK(append.records[0].type == RecordType::observation);
  CHECK(append.records[0].payload == "{}");
  const Record& told = append.records[1];
  CHECK(told.type == RecordType::transition);
  CHECK(told.event_class == EventClass::alarm);
  CHECK(told.domain == Domain::fire);
  CHECK(told.device == "kitchen");
  CHECK(told.severity_number == kSeverityAlarm);
  CHECK(told.received_at == bench.clock.wall_time);
  CHECK(told.payload.empty());
  const auto data = DutyBench::data(told);
  CHECK(data.at("state") == "UNACK");
  CHECK(data.at("alarm").at("number").to_number<int>() == 1);
  REQUIRE(append.steps);
  REQUIRE(append.steps->evidence.size() == 1);
  CHECK(append.steps->evidence[0].record == 0);
  REQUIRE(append.steps->transitions.size() == 1);
  CHECK(append.steps->transitions[0].record == 1);

  // Nothing is shown before it is on disk.
  CHECK(bench.open() == 0);
  bench.spool.commit();
  REQUIRE(bench.open() == 1);
  const auto& evidence = bench.alarm(1)->evidence;
  REQUIRE(evidence.size() == 1);
  CHECK(evidence[0].sequence == Seq{1});
  CHECK(evidence[0].epoch == number_of("00c0ffee"));
}

TEST_CASE("said again while its alarm is open it is a status record, marked as a repeat",
          "[pipeline][unit]") {
  DutyBench bench;
  bench.says(DeclaredState::alarm);
  bench.spool.commit();
  bench.says(DeclaredState::alarm);
  const auto& append = bench.spool.waiting.at(0);
  REQUIRE(append.records.size() == 1);
  CHECK(append.records[0].event_class == EventClass::status);
  const auto data = DutyBench::data(append.records[0]);
  CHECK(data.at("repeat").as_bool());
  CHECK(data.at("state") == "alarm");
  // Counted in memory, and written at most once in 30 s.
  CHECK(append.facts.empty());
}

TEST_CASE("what a commit that failed had raised is raised by the same message again",
          "[pipeline][unit]") {
  DutyBench bench;
  bench.says(DeclaredState::alarm);
  bench.says(DeclaredState::alarm);
  bench.spool.fail(kFull);
  CHECK(bench.open() == 0);

  bench.says(DeclaredState::alarm);
  CHECK(bench.spool.waiting.at(0).records.at(0).event_class == EventClass::alarm);
  bench.spool.commit();
  REQUIRE(bench.alarm(1));
  CHECK(bench.alarm(1)->count == 1);
}

TEST_CASE("what rests on a commit that failed is refused, and comes again", "[pipeline][unit]") {
  DutyBench bench;
  bench.says(DeclaredState::alarm);
  bench.says(DeclaredState::alarm);  // a repeat of what is not on disk
  bench.spool.fail_first(kFull);
  bench.spool.commit();
  CHECK(bench.spool.committed.empty());
  REQUIRE(bench.settled->entries.size() == 2);
  CHECK_FALSE(bench.settled->entries[1].success);
  bench.says(DeclaredState::alarm);
  bench.spool.commit();
  CHECK(bench.open() == 1);
}

TEST_CASE("a measurement of a device that is known adds neither row nor step", "[pipeline][unit]") {
  DutyBench bench;
  bench.says(DeclaredState::info, "meter", Kind::measurement);
  // The device is heard for the first time: its row makes no alarm of the message.
  REQUIRE(bench.spool.waiting.size() == 2);
  CHECK(bench.spool.waiting[0].records.empty());
  CHECK(bench.spool.waiting[0].facts.size() == 1);
  CHECK_FALSE(bench.spool.waiting[1].steps);
  CHECK(bench.spool.waiting[1].facts.empty());
  CHECK(DutyBench::data(bench.spool.waiting[1].records.at(0)).at("new_device").as_bool());
  bench.spool.commit();
  bench.says(DeclaredState::info, "meter", Kind::measurement);
  const auto& append = bench.spool.waiting.at(0);
  CHECK(append.facts.empty());
  CHECK_FALSE(append.steps);
  CHECK(append.records.size() == 1);
  CHECK(DutyBench::data(append.records[0]).if_contains("new_device") == nullptr);
}

TEST_CASE("a repeat that writes its count makes no alarm of its message", "[pipeline][unit]") {
  DutyBench bench;
  bench.says(DeclaredState::alarm);
  bench.spool.commit();
  bench.pass(std::chrono::seconds{31});
  bench.says(DeclaredState::alarm);
  REQUIRE(bench.spool.waiting.size() == 2);
  CHECK(bench.spool.waiting[0].records.empty());
  CHECK(bench.spool.waiting[0].facts.size() == 1);
  CHECK_FALSE(bench.spool.waiting[1].steps);
  bench.spool.commit();
  CHECK(bench.alarm(1)->count == 2);
}

TEST_CASE("each observation of a message has its own evidence, the most urgent one first",
          "[pipeline][unit]") {
  DutyBench bench;
  bench.decoder.answer = {decode::Outcome::decoded,
                          "senml",
                          "",
                          {observed(Kind::measurement, DeclaredState::info, "meter"),
                           observed(Kind::smoke, DeclaredState::alarm, "kitchen"),
                           observed(Kind::smoke, DeclaredState::alarm, "hall")},
                          ""};
  bench.submit("bytes");
  const auto& append = bench.spool.waiting.at(0);
  REQUIRE(append.records.size() == 5);
  CHECK(append.records[0].device == "kitchen");
  CHECK(append.records[0].payload == "bytes");
  CHECK(append.records[2].device == "meter");
  CHECK(append.records[3].type == RecordType::transition);
  bench.spool.commit();
  REQUIRE(bench.open() == 2);
  CHECK(bench.alarm(1)->source.device == "kitchen");
  CHECK(bench.alarm(1)->evidence.at(0).sequence == Seq{1});
  CHECK(bench.alarm(2)->evidence.at(0).sequence == Seq{2});
}

TEST_CASE("a command is answered once what it did is on disk", "[pipeline][unit]") {
  DutyBench bench;
  bench.says(DeclaredState::alarm);
  bench.spool.commit();
  bench.ask(DutyAction::take, 1);
  CHECK(bench.answers.empty());
  CHECK(bench.alarm(1)->owner.empty());
  bench.spool.commit();
  REQUIRE(bench.answers.size() == 1);
  CHECK(bench.answers[0].refusal == Refusal::none);
  CHECK(bench.answers[0].state == AlarmState::ack);
  CHECK(bench.alarm(1)->owner == "Wang");
  const auto by = DutyBench::data(bench.spool.committed.back()).at("alarm").at("by").as_object();
  CHECK(by.at("who") == "Wang");
  CHECK(by.at("from") == "desk");
}

TEST_CASE("a command whose commit failed says so, and its key may be tried again",
          "[pipeline][unit]") {
  DutyBench bench;
  bench.says(DeclaredState::alarm);
  bench.spool.commit();
  bench.ask(DutyAction::take, 1, "one wish");
  bench.spool.fail(kFull);
  REQUIRE(bench.answers.size() == 1);
  CHECK(bench.answers[0].refusal == Refusal::not_kept);
  CHECK(bench.answers[0].alarm.serial == AlarmSerial{1});
  CHECK(bench.answers[0].state == AlarmState::normal);
  CHECK(bench.alarm(1)->owner.empty());

  bench.ask(DutyAction::take, 1, "one wish");
  bench.spool.commit();
  CHECK(bench.answers.back().refusal == Refusal::none);
  CHECK_FALSE(bench.answers.back().is_repeat);
}

TEST_CASE("a command that is refused keeps nothing and is answered with the reason",
          "[pipeline][unit]") {
  DutyBench bench;
  bench.ask(DutyAction::take, 9);
  REQUIRE(bench.spool.waiting.size() == 1);
  CHECK(bench.spool.waiting[0].is_empty());
  bench.spool.commit();
  REQUIRE(bench.answers.size() == 1);
  CHECK(bench.answers[0].refusal == Refusal::alarm_unknown);
}

TEST_CASE("a refusal that rests on what was not kept is no refusal", "[pipeline][unit]") {
  DutyBench bench;
  bench.says(DeclaredState::alarm);
  bench.spool.commit();
  bench.ask(DutyAction::take, 1);
  bench.ask(DutyAction::take, 1, "the second one");
  REQUIRE(bench.spool.waiting.size() == 2);
  bench.spool.fail_first(kFull);
  bench.spool.commit();
  REQUIRE(bench.answers.size() == 2);
  CHECK(bench.answers[1].refusal == Refusal::not_kept);
}

TEST_CASE("a device that is entered is on record with who entered it", "[pipeline][unit]") {
  DutyBench bench;
  Device device;
  device.id = "kitchen";
  device.name = "3F kitchen";
  device.place = "block 3";
  std::vector<CommandResult> answers;
  bench.pipeline.enter(device, {Origin::cli, "Wang", "desk"},
                       [&](const CommandResult& result) { answers.push_back(result); });
  CHECK(answers.empty());
  bench.spool.commit();
  REQUIRE(answers.size() == 1);
  CHECK(answers[0].refusal == Refusal::none);
  REQUIRE(bench.spool.committed.size() == 1);
  CHECK(bench.spool.committed[0].type == RecordType::duty);
  CHECK(DutyBench::data(bench.spool.committed[0]).at("name") == "3F kitchen");
  CHECK_FALSE(DutyBench::data(bench.spool.committed[0]).contains("changed"));

  bench.says(DeclaredState::alarm);
  bench.spool.commit();
  const auto alarm = DutyBench::data(bench.spool.committed.back()).at("alarm").as_object();
  CHECK(alarm.at("name") == "3F kitchen");
  CHECK(alarm.at("place") == "block 3");
}

TEST_CASE("time does what is due, in appends of its own", "[pipeline][unit]") {
  DutyBench bench;
  bench.says(DeclaredState::suspected, "radar", Kind::fall);
  bench.spool.commit();
  CHECK(bench.alarm(1)->life == Life::suspected);
  bench.pass(std::chrono::seconds{1});
  CHECK(bench.spool.waiting.empty());
  bench.pass(std::chrono::minutes{10});
  REQUIRE_FALSE(bench.spool.waiting.empty());
  // Not kept: due again.
  bench.spool.fail(kFull);
  CHECK(bench.alarm(1)->life == Life::suspected);
  bench.pass(std::chrono::seconds{1});
  bench.spool.commit();
  CHECK(bench.alarm(1)->life == Life::unack);
}

TEST_CASE("time does a bounded part at a look, and the rest with the next", "[pipeline][unit]") {
  DutyBench bench;
  constexpr std::size_t kAtALook = 16 * 256;  // steps of time, and what each does
  for (std::size_t i = 0; i < kAtALook + 1; ++i)
    bench.says(DeclaredState::suspected, "radar " + std::to_string(i), Kind::fall);
  bench.spool.commit();
  const auto alarms_in = [&bench](Life life) {
    std::size_t count = 0;
    bench.pipeline.judging().judgement().for_each_open([&](const SharedAlarm& alarm) {
      if (alarm->life == life) ++count;
    });
    return count;
  };
  REQUIRE(alarms_in(Life::suspected) == kAtALook + 1);
  bench.clock.advance(std::chrono::minutes{10});
  bench.pipeline.look_after_news();
  bench.spool.commit();
  CHECK(alarms_in(Life::unack) == kAtALook);
  bench.pass(std::chrono::seconds{1});
  bench.spool.commit();
  CHECK(alarms_in(Life::suspected) == 0);
}

TEST_CASE("time waits while the store takes no more", "[pipeline][unit]") {
  DutyBench bench;
  bench.says(DeclaredState::suspected, "radar", Kind::fall);
  bench.spool.commit();
  bench.spool.is_accepting = false;
  bench.pass(std::chrono::minutes{10});
  CHECK(bench.spool.waiting.empty());
  bench.spool.is_accepting = true;
  bench.pass(std::chrono::seconds{1});
  CHECK_FALSE(bench.spool.waiting.empty());
}

TEST_CASE("after a restart judgement goes on with the rows", "[pipeline][unit]") {
  DutyBench bench;
  bench.says(DeclaredState::alarm);
  bench.spool.commit();
  StoredJudgement stored;
  stored.alarms.push_back(bench.alarm(1));
  stored.numbers_given = 1;

  DutyBench anew;
  anew.pipeline.judge_on(stored, {});
  CHECK(anew.open() == 1);
  anew.says(DeclaredState::alarm);
  CHECK(anew.spool.waiting.back().records.at(0).event_class == EventClass::status);
}

TEST_CASE("a name of the configuration goes first, and is there after a restart",
          "[pipeline][unit]") {
  DutyBench bench;
  bench.pipeline.fix(std::make_shared<const Judging::FixedDevices>(
      Judging::FixedDevices{{"kitchen", {"3F kitchen", {}}}}));
  CHECK(bench.pipeline.judging().where("kitchen").name == "3F kitchen");
  auto row = std::make_shared<Device>();
  row->id = "kitchen";
  row->name = "entered";
  row->place = "block 3";
  StoredJudgement stored;
  stored.devices.push_back(std::move(row));
  // Nothing has been heard since.
  bench.pipeline.judge_on(stored, {});
  CHECK(bench.pipeline.judging().where("kitchen").name == "3F kitchen");
  CHECK(bench.pipeline.judging().where("kitchen").place == "block 3");
  CHECK(bench.pipeline.judging().where("hall").name.empty());
}

TEST_CASE("what finds no room in the store is answered at once, and nothing waits",
          "[pipeline][unit]") {
  DutyBench bench;
  bench.says(DeclaredState::alarm);
  bench.spool.commit();
  bench.spool.is_accepting = false;
  bench.ask(DutyAction::take, 1);
  Device hall;
  hall.id = "hall";
  bench.pipeline.enter(hall, {Origin::cli, "Wang", "desk"},
                       [&bench](const CommandResult& result) { bench.answers.push_back(result); });
  REQUIRE(bench.answers.size() == 2);
  CHECK(bench.answers[0].refusal == Refusal::not_kept);
  CHECK(bench.answers[0].alarm.serial == AlarmSerial{1});
  CHECK(bench.answers[1].refusal == Refusal::not_kept);
  CHECK(bench.spool.waiting.empty());
}

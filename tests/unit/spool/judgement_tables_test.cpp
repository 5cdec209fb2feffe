// What judgement keeps, in the store: rows come back as they were, also from a store of an earlier
// version; a row names the records that it rests on; nothing is kept that rests on what was not.
#include <fmt/format.h>

#include "spool/tables/alarm_table.hpp"
#include "spool/tables/all_tables.hpp"
#include "spool/verify/store_verifier.hpp"
#include "spool/writer/writer.hpp"
#include "support/catch.hpp"
#include "support/judged_rows.hpp"
#include "support/recording_log.hpp"
#include "support/records.hpp"
#include "support/temp_directory.hpp"

using namespace watchpost;
using namespace watchpost::spool;
using namespace watchpost::support;

namespace {

bool has_in(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

struct Kept {
  TempDirectory directory;
  RecordingLog log;
  WriterOptions options;
  std::optional<Writer> writer;

  Kept() {
    options.directory = directory.path();
    options.kept_for.required = {"street"};
    open();
  }
  void open() {
    writer.reset();
    writer.emplace(Writer::open(options, log).value());
  }
  void close() {
    writer->close();
    writer.reset();
  }
  void keep(std::vector<Fact> facts) {
    CommitGroup group;
    group.appends.emplace_back().facts = std::move(facts);
    REQUIRE(writer->commit(group).has_value());
  }
  [[nodiscard]] const StoredJudgement& facts() const { return writer->contents().facts.judgement; }
  [[nodiscard]] sqlite::Database database() const {
    return sqlite::Database::open(directory.path() / "watchpost.db",
                                  sqlite::Database::Access::read_write_create)
        .value();
  }
};

SharedAlarm shared(Alarm alarm) {
  return std::make_shared<const Alarm>(std::move(alarm));
}

std::vector<Fact> one_of_each() {
  return {shared(an_alarm(37)), std::make_shared<const Device>(a_device("hall/\xff")),
          std::make_shared<const CommandDone>(a_command_done("key 1")),
          std::make_shared<const Duty>(a_duty())};
}

void check_all(const StoredJudgement& facts) {
  REQUIRE(facts.alarms.size() == 1);
  CHECK(*facts.alarms.front() == an_alarm(37));
  CHECK(facts.numbers_given == 37);
  REQUIRE(facts.devices.size() == 1);
  CHECK(facts.devices.front()->id == "hall/\xff");
  REQUIRE(facts.commands.size() == 1);
  CHECK(facts.commands.front()->key == "key 1");
  REQUIRE(facts.duty != nullptr);
  CHECK(*facts.duty == a_duty());
}

// One that carries `step`, by a message; `settled`: what judgement had heard of.
Append judged(std::uint64_t step, std::uint64_t settled, const Alarm& alarm) {
  Append append;
  append.records.push_back(a_record(EventClass::alarm, "smoke"));
  append.facts.emplace_back(shared(alarm));
  JudgedSteps steps;
  steps.last = StepNumber{step};
  steps.settled = StepNumber{settled};
  steps.evidence = {{StepNumber{step}, 0}};
  append.steps = std::make_shared<const JudgedSteps>(std::move(steps));
  return append;
}

Alarm resting_on(std::uint64_t count, const std::vector<std::uint64_t>& steps) {
  Alarm alarm = an_alarm(count, Life::unack);
  alarm.evidence.clear();
  for (const std::uint64_t step : steps) alarm.evidence.push_back({StepNumber{step}});
  return alarm;
}

// A fault in front of which a refusal stands, as where there is no room for it.
Append refused(std::uint64_t step, std::uint64_t settled) {
  Append append = judged(step, settled, resting_on(step, {step}));
  append.refusal = std::make_shared<const Failure>(Failure{Failure::Kind::refused, "no room", ""});
  return append;
}

}  // namespace

TEST_CASE("alarms, devices, commands done and duty come back as they were", "[spool][unit]") {
  Kept kept;
  kept.keep(one_of_each());
  kept.open();
  check_all(kept.facts());
  kept.close();
  kept.open();
  check_all(kept.facts());
}

TEST_CASE("a store of the version before judgement was kept is opened and goes on",
          "[spool][unit]") {
  Kept kept;
  CommitGroup group;
  group.appends.push_back(an_append(a_record(EventClass::alarm, "kept"), nullptr, 1));
  REQUIRE(kept.writer->commit(group).has_value());
  kept.close();
  {
    auto database = kept.database();
    for (const char* table : {"alarm", "device", "command_done", "duty"})
      database.execute(fmt::format("DROP TABLE {}", table).c_str()).value();
    database.execute("PRAGMA user_version = 6").value();
  }

  kept.open();
  CHECK(kept.writer->salvage().reason.empty());
  CHECK(kept.writer->contents().logs[index_of(EventClass::alarm)].newest == Seq{1});
  CHECK(kept.facts().alarms.empty());
  kept.keep(one_of_each());
  kept.open();
  check_all(kept.facts());
}

TEST_CASE("what judgement no longer knows has no row", "[spool][unit]") {
  Kept kept;
  kept.keep(one_of_each());
  Device gone = a_device("hall/\xff");
  gone.is_removed = true;
  CommandDone forgotten = a_command_done("key 1");
  forgotten.is_forgotten = true;
  kept.keep({std::make_shared<const Device>(gone), std::make_shared<const CommandDone>(forgotten)});
  kept.open();
  CHECK(kept.facts().devices.empty());
  CHECK(kept.facts().commands.empty());
}

TEST_CASE("closed alarms stay up to a number, open ones however old they are", "[spool][unit]") {
  Kept kept;
  constexpr std::uint64_t kMore = 20;
  const auto most = static_cast<std::uint64_t>(kMostClosedAlarms);
  std::vector<Fact> facts{shared(an_alarm(1, Life::unack))};
  for (std::uint64_t count = 2; count <= most + kMore; ++count)
    facts.emplace_back(shared(an_alarm(count, Life::closed)));
  kept.keep(std::move(facts));
  const auto rows = kept.database().query_integer("SELECT count(*) FROM alarm WHERE open = 0");
  CHECK(rows.value() == kMostClosedAlarms);
  kept.open();
  CHECK(kept.facts().alarms.size() == 1 + static_cast<std::size_t>(kMostRecalledAlarms));
  CHECK(kept.facts().alarms.front()->number.serial.value == 1);
  CHECK(kept.facts().numbers_given == most + kMore);
}

TEST_CASE("a row of judgement that does not fit its checksum is found, and the others are read",
          "[spool][unit]") {
  Kept kept;
  kept.keep(one_of_each());
  kept.keep({shared(an_alarm(38))});
  kept.close();
  const std::string table = GENERATE("alarm", "device", "command_done", "duty");
  kept.database()
      .execute(fmt::format("UPDATE {} SET content = CAST('{{}}' AS BLOB){}", table,
                           table == "alarm" ? " WHERE number = 37" : "")
                   .c_str())
      .value();
  auto check = StoreVerifier::open(kept.directory.path() / "watchpost.db").value();
  while (check.step().value()) continue;
  REQUIRE(check.report().finding_count == 1);
  CHECK(has_in(check.report().findings.front().what, "Damaged"));
  kept.open();
  CHECK(kept.facts().alarms.size() == (table == "alarm" ? 1 : 2));
  CHECK(kept.facts().numbers_given == 38);
  CHECK(kept.log.says(LogLevel::error, check.report().findings.front().what));
  const DamagedFacts& damaged = kept.writer->contents().facts.damaged;
  CHECK(damaged.alarms ==
        (table == "alarm" ? std::vector{AlarmSerial{37}} : std::vector<AlarmSerial>{}));
  CHECK(damaged.other_count == (table == "alarm" ? 0 : 1));
  if (table == "command_done")
    CHECK(damaged.others == std::vector<std::string>{"command_done key 1"});
  if (table == "device") CHECK(damaged.others == std::vector<std::string>{"device"});  // no UTF-8
}

TEST_CASE("a damaged alarm is told until a newer one is kept, and its number is not given again",
          "[spool][unit]") {
  Kept kept;
  kept.keep({shared(an_alarm(37, Life::unack)), shared(an_alarm(38, Life::unack))});
  kept.close();
  kept.database()
      .execute("UPDATE alarm SET content = CAST('{}' AS BLOB) WHERE number = 38")
      .value();
  const auto damaged = [&] { return kept.writer->contents().facts.damaged.alarms.size(); };
  kept.open();
  CHECK(damaged() == 1);
  kept.keep({shared(an_alarm(37, Life::closed))});
  kept.open();
  CHECK(damaged() == 1);
  CHECK(kept.facts().numbers_given == 38);
  kept.keep({shared(an_alarm(39, Life::unack))});
  kept.open();
  CHECK(damaged() == 0);
  CHECK(kept.facts().numbers_given == 39);
}

TEST_CASE("an alarm's row and its transition name the records that they rest on", "[spool][unit]") {
  Kept kept;
  // Two messages of one group, the second judged while the first was under way.
  CommitGroup group;
  group.appends.push_back(judged(1, 0, resting_on(1, {1})));
  Append second = judged(2, 0, resting_on(1, {1, 2}));
  Record telling = a_record(EventClass::alarm, "");
  telling.type = RecordType::transition;
  second.records.push_back(telling);
  JudgedSteps steps = *second.steps;
  Transition transition;
  transition.alarm = std::get<SharedAlarm>(second.facts.front());
  steps.transitions.push_back({1, transition, {}});
  second.steps = std::make_shared<const JudgedSteps>(std::move(steps));
  group.appends.push_back(std::move(second));
  REQUIRE(kept.writer->commit(group).has_value());

  const std::string id = group.appends[0].records[0].epoch;
  CHECK(has_in(group.appends[1].records[1].annotation,
               fmt::format(R"("evidence":["{}.a.1","{}.a.2"])", id, id)));
  // Judgement has not heard of the first group when it judges the next message.
  CommitGroup later;
  later.appends.push_back(judged(3, 0, resting_on(1, {1, 2, 3})));
  REQUIRE(kept.writer->commit(later).has_value());
  kept.open();
  REQUIRE(kept.facts().alarms.size() == 1);
  std::vector<std::uint64_t> numbers;
  for (const Evidence& each : kept.facts().alarms.front()->evidence)
    numbers.push_back(each.sequence.value);
  CHECK(numbers == std::vector<std::uint64_t>{1, 2, 4});
}

TEST_CASE("what was judged upon a step that was not kept is refused, until judgement has heard",
          "[spool][unit]") {
  Kept kept;
  CommitGroup group;
  group.appends.push_back(judged(1, 0, resting_on(1, {1})));
  group.appends.push_back(refused(2, 0));
  group.appends.push_back(judged(3, 0, resting_on(3, {3})));
  Append only_judged_upon;
  only_judged_upon.steps = std::make_shared<const JudgedSteps>();
  group.appends.push_back(std::move(only_judged_upon));
  group.appends.push_back(an_append(a_record(EventClass::alarm, "no step"), nullptr, 1));
  REQUIRE(kept.writer->commit(group).has_value());
  CHECK(group.appends[0].refusal == nullptr);
  CHECK(group.appends[2].refusal != nullptr);
  CHECK(group.appends[3].refusal != nullptr);
  CHECK(group.appends[4].refusal == nullptr);

  // Handed over before the answer was heard; and after.
  CommitGroup next;
  next.appends.push_back(judged(4, 1, resting_on(4, {4})));
  next.appends.push_back(judged(5, 4, resting_on(5, {5})));
  REQUIRE(kept.writer->commit(next).has_value());
  CHECK(next.appends[0].refusal != nullptr);
  CHECK(next.appends[1].refusal == nullptr);
  kept.open();
  CHECK(kept.facts().alarms.size() == 2);
}

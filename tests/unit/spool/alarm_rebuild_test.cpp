// Alarms and the records of their transitions, where the disk has lost some of them: what a salvage
// makes again, what it tells, and what the verifier finds.
#include <fmt/format.h>

#include <fstream>

#include "model/alarm_event.hpp"
#include "spool/tables/alarm_table.hpp"
#include "spool/verify/store_verifier.hpp"
#include "spool/writer/writer.hpp"
#include "support/catch.hpp"
#include "support/judged_rows.hpp"
#include "support/recording_log.hpp"
#include "support/temp_directory.hpp"

using namespace watchpost;
using namespace watchpost::spool;
using namespace watchpost::support;

namespace {

constexpr std::uint32_t kEpoch = 0xf0000001U;

// Nothing keeps it quiet.
Alarm loud_alarm(std::uint64_t number, Life life = Life::unack) {
  Alarm alarm = an_alarm(number, life);
  alarm.holds = {};
  alarm.marks = {};
  alarm.source.device = fmt::format("smoke-{}", number);
  alarm.shelved_until.reset();
  alarm.returning_since.reset();
  return alarm;
}

Record record_of(const Alarm& alarm) {
  Transition transition;
  transition.alarm = std::make_shared<const Alarm>(alarm);
  transition.to = alarm.state();
  transition.at = alarm.times.changed;
  Record record;
  record.event_class = EventClass::alarm;
  record.type = RecordType::transition;
  record.domain = alarm.domain;
  record.clock = alarm.times.changed.clock;
  record.received_at = alarm.times.changed.wall;
  record.device = alarm.source.device;
  record.annotation = transition_data(transition, {"smoke, kitchen", "3-201"});
  return record;
}

struct Store {
  TempDirectory directory;
  RecordingLog log;
  std::optional<Writer> writer;

  Store() { open(); }
  void open() {
    writer.reset();
    WriterOptions options;
    options.directory = directory.path();
    options.kept_for.required = {"street"};
    writer.emplace(Writer::open(options, log).value());
  }
  // The row, and the record that tells it.
  void keep(const Alarm& alarm) {
    CommitGroup group;
    Append& append = group.appends.emplace_back();
    append.records.push_back(record_of(alarm));
    append.facts.emplace_back(std::make_shared<const Alarm>(alarm));
    REQUIRE(writer->commit(group).has_value());
  }
  void keep(const Fact& fact) {
    CommitGroup group;
    group.appends.emplace_back().facts.push_back(fact);
    REQUIRE(writer->commit(group).has_value());
  }
  void close() {
    if (writer) writer->close();
    writer.reset();
  }
  // What was removed leaves nothing on any page that a salvage could find.
  void execute(const std::string& sql) {
    close();
    sqlite::Database::open(file(), sqlite::Database::Access::read_write_create)
        .value()
        .execute((sql + "; VACUUM").c_str())
        .value();
  }
  void salvage() {
    close();
    std::ofstream(directory.path() / "salvage-wanted").flush();
    open();
    REQUIRE(writer->salvage().reason == "damage");
  }
  [[nodiscard]] std::filesystem::path file() const { return directory.path() / "watchpost.db"; }
  [[nodiscard]] const AlarmsSaved& saved() const { return writer->salvage().alarms; }
  [[nodiscard]] const StoredJudgement& facts() const { return writer->contents().facts.judgement; }
  [[nodiscard]] Alarm alarm(std::uint64_t number) const {
    for (const SharedAlarm& each : facts().alarms) {
      if (each->number.serial.value == number) return *each;
    }
    FAIL("alarm " << number << " is missing");
    return {};
  }
  [[nodiscard]] CheckReport checked() const {
    auto check = StoreVerifier::open(file()).value();
    while (check.step().value()) continue;
    return check.report();
  }
  [[nodiscard]] Finding only_finding() {
    close();
    const CheckReport report = checked();
    REQUIRE(report.finding_count == 1);
    return report.findings.front();
  }
};

bool has_part(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

std::vector<AlarmSerial> numbered_from(std::uint64_t first, std::uint64_t last) {
  std::vector<AlarmSerial> all;
  for (; first <= last; ++first) all.push_back(AlarmSerial{first});
  return all;
}

}  // namespace

TEST_CASE("a salvage makes the rows of alarms again that their records tell", "[spool][unit]") {
  Store store;
  for (std::uint64_t number = 1; number <= 4; ++number) store.keep(loud_alarm(number));
  store.keep(loud_alarm(5, Life::closed));
  store.execute("DELETE FROM alarm");
  store.salvage();
  CHECK(store.saved().rebuilt == numbered_from(1, 4));
  CHECK(store.saved().missing_count == 0);
  CHECK(store.facts().numbers_given == 5);
  CHECK(store.log.says(LogLevel::error, "what was kept of alarm 1, 2, 3, 4"));
  const Alarm before = loud_alarm(3);
  const Alarm after = store.alarm(3);
  CHECK(after.number == AlarmNumber{kEpoch, AlarmSerial{3}});
  CHECK(after.previous == before.previous);
  CHECK(after.source == before.source);
  CHECK(after.domain == before.domain);
  CHECK(after.life == before.life);
  CHECK(after.grade == before.grade);
  CHECK(after.revision == before.revision);
  CHECK(after.transitions == before.transitions);
  CHECK(after.count == before.count);
  CHECK(after.peak == before.peak);
  CHECK(after.owner == before.owner);
  CHECK(after.verified == before.verified);
  CHECK(after.cause == before.cause);
  CHECK(after.evidence == before.evidence);
  CHECK(after.times.raised.wall == before.times.raised.wall);
  CHECK(after.times.taken->wall == before.times.taken->wall);
  CHECK(after.escalation == 0);
  store.close();
  CHECK(store.checked().finding_count == 0);
}

TEST_CASE("a salvage replaces a row that is older than its newest record, and no newer one",
          "[spool][unit]") {
  Store store;
  Alarm alarm = loud_alarm(1, Life::ack);
  store.keep(alarm);
  alarm.life = Life::close_pending;
  ++alarm.transitions;
  store.keep(alarm);
  Alarm older = alarm;
  older.transitions -= 1;
  older.life = Life::ack;
  store.keep(Fact(std::make_shared<const Alarm>(older)));
  Alarm newer = loud_alarm(2);
  store.keep(newer);
  newer.transitions += 1;
  newer.life = Life::ack;
  store.keep(Fact(std::make_shared<const Alarm>(newer)));
  store.execute("SELECT 1");
  store.salvage();
  CHECK(store.saved().rebuilt == numbered_from(1, 1));
  CHECK(store.alarm(1).life == Life::close_pending);
  CHECK(store.alarm(2) == newer);
}

TEST_CASE("what a record does not tell is made such that the alarm calls for somebody",
          "[spool][unit]") {
  Store store;
  Alarm shelved = loud_alarm(1, Life::ack);
  shelved.holds.shelved = true;
  shelved.shelved_until = ServiceTime{std::chrono::hours{1'000}};
  store.keep(shelved);
  Alarm out = loud_alarm(2);
  out.source.device = "hall";
  out.holds.out_of_service = true;
  store.keep(out);
  Alarm nobodys = loud_alarm(3);
  nobodys.holds.out_of_service = true;
  store.keep(nobodys);
  Alarm tested = loud_alarm(4);
  tested.marks.test = true;
  tested.grade.level = AlarmLevel::grey;
  store.keep(tested);
  store.keep(Fact(std::make_shared<const Device>(a_device("hall"))));
  Duty duty;
  duty.silence =
      Silence{ServiceTime{std::chrono::hours{1}}, ServiceTime{std::chrono::hours{2}}, {}};
  duty.changed = a_stamp(3'600'000);
  store.keep(Fact(std::make_shared<const Duty>(duty)));
  store.execute("DELETE FROM alarm");
  store.salvage();
  CHECK(store.alarm(1).state() == AlarmState::shelved);
  CHECK(store.alarm(1).life == Life::unack);
  CHECK(store.alarm(1).shelved_until == ServiceTime{});
  CHECK(store.alarm(2).state() == AlarmState::out_of_service);
  CHECK(store.alarm(3).shelved_until == ServiceTime{});
  CHECK(store.alarm(4).declared.level == AlarmLevel::red);
  // A siren that was silenced sounds for it.
  CHECK(store.alarm(1).waiting_since >= duty.silence->at);
}

TEST_CASE("an alarm that has neither row nor record is named after a salvage", "[spool][unit]") {
  Store store;
  store.keep(loud_alarm(1));
  store.keep(Fact(std::make_shared<const Alarm>(loud_alarm(2))));
  store.keep(loud_alarm(3));
  store.execute("DELETE FROM alarm WHERE number = 2");
  store.salvage();
  CHECK(store.saved().rebuilt.empty());
  CHECK(store.saved().missing == numbered_from(2, 2));
  CHECK(store.log.says(LogLevel::error, "what was kept of alarm 2, and no record of it is left"));
  CHECK_FALSE(store.saved().may_lack_some());
}

TEST_CASE("a salvage says that alarms may be missing where their records had been removed",
          "[spool][unit]") {
  Store store;
  store.keep(loud_alarm(1));
  Record last;
  last.event_class = EventClass::alarm;
  CommitGroup group;
  group.appends.emplace_back().records.push_back(last);
  REQUIRE(store.writer->commit(group).has_value());
  store.execute("DELETE FROM alarm; DELETE FROM log_alarm WHERE seq = 1");
  store.salvage();
  CHECK(store.saved().may_lack_some());
  CHECK(store.log.says(LogLevel::error, "whether alarms were open is not known"));
}

TEST_CASE("an alarm that differs from the record of its newest change is found", "[spool][unit]") {
  Store store;
  for (std::uint64_t number = 1; number <= 3; ++number) store.keep(loud_alarm(number));
  Alarm changed = loud_alarm(2);
  SECTION("as it is not") {
    store.close();
    CHECK(store.checked().finding_count == 0);
  }
  SECTION("it has no row") {
    store.execute("DELETE FROM alarm WHERE number = 2");
    const Finding found = store.only_finding();
    CHECK(has_part(found.what, "Alarm 2 is open by its records and missing"));
    CHECK(has_part(found.what_zh, "警情 2 按记录尚未处理完"));
    CHECK(has_part(found.remedy_zh, "watchpost alarm 2"));
  }
  SECTION("it is closed and no row goes so far") {
    store.keep(loud_alarm(4, Life::closed));
    store.execute("DELETE FROM alarm WHERE number = 4");
    CHECK(has_part(store.only_finding().what, "its number will be given again"));
  }
  SECTION("its owner is another") {
    changed.owner = "nobody";
    store.keep(Fact(std::make_shared<const Alarm>(changed)));
    CHECK(has_part(store.only_finding().what,
                   "Alarm 2 is not what the record of its newest "
                   "change says: owner differs"));
  }
  SECTION("its row is older") {
    changed.transitions -= 1;
    store.keep(Fact(std::make_shared<const Alarm>(changed)));
    CHECK(has_part(store.only_finding().what, "it is older"));
  }
  SECTION("its row is newer") {
    changed.transitions += 1;
    store.keep(Fact(std::make_shared<const Alarm>(changed)));
    CHECK(has_part(store.only_finding().what, "it is newer"));
  }
  SECTION("it was said again since") {
    changed.count += 1;
    changed.times.last = a_stamp(99);
    store.keep(Fact(std::make_shared<const Alarm>(changed)));
    store.close();
    CHECK(store.checked().finding_count == 0);
  }
}

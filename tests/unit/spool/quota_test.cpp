// What is dropped when the quota is reached, which appends are refused, and that each drop is told.
#include <algorithm>

#include "model/trouble_catalogue.hpp"
#include "spool/room/disk.hpp"
#include "spool/room/forecast.hpp"
#include "spool/tables/log_table.hpp"
#include "spool/writer/writer.hpp"
#include "support/catch.hpp"
#include "support/recording_log.hpp"
#include "support/records.hpp"
#include "support/temp_directory.hpp"

using namespace watchpost;
using namespace watchpost::spool;
using namespace watchpost::support;

namespace {

constexpr auto kAlarm = EventClass::alarm;
constexpr auto kPatrol = EventClass::patrol;
constexpr auto kStatus = EventClass::status;
constexpr auto kTelemetry = EventClass::telemetry;

// A store of one megabyte, of which a quarter is the reserve; "street" has acknowledged nothing.
struct SmallStore {
  TempDirectory directory;
  RecordingLog log;
  WriterOptions options;
  std::unique_ptr<Writer> writer;

  SmallStore() {
    options.directory = directory.path();
    options.kept_for.required = {"street"};
    options.space.quota = ByteCount{1'000'000};
    options.space.reserve = ByteCount{250'000};
    reopen();
  }
  void reopen() {
    writer.reset();
    writer = std::make_unique<Writer>(Writer::open(options, log).value());
  }
  bool keep(EventClass event_class, std::size_t bytes = 1'000) {
    CommitGroup group;
    group.appends.push_back(an_append(a_record(event_class, noise(bytes)), nullptr, 0));
    writer->commit(group).value();
    return !group.appends[0].refusal;
  }
  std::uint64_t keep_until_refused(EventClass event_class) {
    std::uint64_t kept = 0;
    while (keep(event_class)) REQUIRE(++kept < 5'000);
    return kept;
  }
  const LogExtent& log_of(EventClass event_class) {
    return writer->contents().logs[index_of(event_class)];
  }
  std::uint64_t dropped(EventClass event_class) {
    return writer->contents().dropped[index_of(event_class)];
  }
  // Number of gap events that contain both texts.
  std::int64_t gaps(std::string_view first, std::string_view second) {
    auto database =
        sqlite::Database::open(writer->database_file(), sqlite::Database::Access::read_only)
            .value();
    auto select = database.prepare(select_records(EventClass::status)).value();
    select.bind(1, std::int64_t{0});
    select.bind(2, std::int64_t{1'000'000});
    std::int64_t count = 0;
    while (select.step().value()) {
      const Record record = read_log_row(select, EventClass::status).value();
      const std::string_view said = record.annotation;
      const bool fits = record.type == RecordType::gap && said.find(first) != said.npos;
      count += fits && said.find(second) != said.npos ? 1 : 0;
    }
    return count;
  }
  std::int64_t ask(const std::string& sql) {
    auto database =
        sqlite::Database::open(writer->database_file(), sqlite::Database::Access::read_only)
            .value();
    return database.query_integer(sql).value();
  }
};

}  // namespace

TEST_CASE("the oldest undelivered telemetry yields to new telemetry", "[spool][unit]") {
  SmallStore store;
  for (int i = 0; i < 3'000; ++i) REQUIRE(store.keep(kTelemetry));

  const LogExtent& log = store.log_of(kTelemetry);
  CHECK(log.newest == Seq{3'000});
  CHECK(log.oldest > Seq{2'000});
  CHECK(store.writer->store_size() < ByteCount{750'000});
  CHECK(store.dropped(kTelemetry) == log.oldest.value - 1);
  CHECK(store.log.says(LogLevel::error, "the oldest telemetry is dropped to make room"));
}

TEST_CASE("each drop is a row of the ledger and an event upstream, without a gap between them",
          "[spool][unit]") {
  SmallStore store;
  for (int i = 0; i < 2'000; ++i) REQUIRE(store.keep(kTelemetry));

  const auto oldest = static_cast<std::int64_t>(store.log_of(kTelemetry).oldest.value);
  CHECK(store.ask("SELECT min(first) FROM drop_ledger WHERE class = 3") == 1);
  CHECK(store.ask("SELECT max(last) FROM drop_ledger WHERE class = 3") == oldest - 1);
  CHECK(store.ask("SELECT sum(last - first + 1) FROM drop_ledger") == oldest - 1);
  const auto rows = store.ask("SELECT count(*) FROM drop_ledger WHERE reason = 'quota'");
  CHECK(rows > 0);
  CHECK(store.gaps("\"class\":\"telemetry\"", "\"reason\":\"quota\"") == rows);
  CHECK(rows < oldest / 4);  // one event stands for many rows

  store.reopen();
  CHECK(store.dropped(kTelemetry) == static_cast<std::uint64_t>(oldest - 1));
}

TEST_CASE("a backlog counts what is stored, not what was dropped, also after a restart",
          "[spool][unit]") {
  SmallStore store;
  for (int i = 0; i < 2'000; ++i) REQUIRE(store.keep(kTelemetry));
  const auto rows = static_cast<std::uint64_t>(store.ask("SELECT count(*) FROM log_telemetry"));
  REQUIRE(rows < 1'000);

  CHECK(store.log_of(kTelemetry).stored_after(Seq{}) == rows);
  CHECK(store.log_of(kTelemetry).stored_after(Seq{1'990}) == 10);
  CHECK(store.log_of(kTelemetry).stored_after(Seq{2'000}) == 0);
  store.reopen();
  CHECK(store.log_of(kTelemetry).stored_after(Seq{}) == rows);
}

TEST_CASE("a backlog does not count what damage took, for whichever upstream, also after a restart",
          "[spool][unit]") {
  SmallStore store;
  for (int i = 0; i < 100; ++i) REQUIRE(store.keep(kTelemetry));
  CommitGroup group;
  group.notes.cursors.push_back({"street", kTelemetry, Seq{20}});
  group.notes.losses.push_back({kTelemetry, Seq{31}, Seq{40}});
  group.notes.losses.push_back({kTelemetry, Seq{36}, Seq{45}});
  group.notes.losses.push_back({kTelemetry, Seq{99}, Seq{140}});  // beyond the newest number
  store.writer->commit(group).value();

  for (int start = 0; start < 2; ++start) {
    const LogExtent& log = store.log_of(kTelemetry);
    CHECK(log.stored_after(Seq{20}) == 63);  // 100 but the first 20, 31 to 45, and 99 to 100
    CHECK(log.stored_after(Seq{0}) == 83);   // an upstream that has nothing yet
    CHECK(log.stored_after(Seq{35}) == 53);  // an upstream whose cursor stands inside a hole
    CHECK(log.stored_after(Seq{98}) == 0);
    store.reopen();
  }
}

TEST_CASE("holes that touch or overlap are counted once, and go with the oldest records",
          "[spool][unit]") {
  Holes holes;
  holes.add({Seq{10}, Seq{19}});
  holes.add({Seq{40}, Seq{49}});
  holes.add({Seq{20}, Seq{24}});  // touches the first hole
  holes.add({Seq{15}, Seq{17}});  // lies within it
  CHECK(holes.count({Seq{1}, Seq{100}}) == 25);
  CHECK(holes.count({Seq{12}, Seq{41}}) == 15);
  holes.add({Seq{5}, Seq{60}});  // covers all holes
  CHECK(holes.count({Seq{1}, Seq{100}}) == 56);
  holes.add({Seq{80}, Seq{79}});  // an empty range
  CHECK(holes.count({Seq{61}, Seq{100}}) == 0);
  holes.add({Seq{70}, Seq{70}});
  holes.forget_before(Seq{61});
  CHECK(holes.count({Seq{1}, Seq{100}}) == 1);
}

TEST_CASE("delivered history goes before anything that waits", "[spool][unit]") {
  SmallStore store;
  for (int i = 0; i < 400; ++i) REQUIRE(store.keep(kAlarm));
  CommitGroup deliver;
  deliver.notes.cursors.push_back({"street", kAlarm, Seq{400}});
  store.writer->commit(deliver).value();
  for (int i = 0; i < 300; ++i) REQUIRE(store.keep(kTelemetry));

  CHECK(store.log_of(kAlarm).oldest > Seq{100});
  CHECK(store.dropped(kAlarm) == 0);
  CHECK(store.dropped(kTelemetry) == 0);
  CHECK(store.log_of(kTelemetry).oldest == Seq{1});
}

TEST_CASE("status yields only when no telemetry is left, alarms and patrols never",
          "[spool][unit]") {
  SmallStore store;
  for (int i = 0; i < 100; ++i) REQUIRE(store.keep(kAlarm));
  for (int i = 0; i < 100; ++i) REQUIRE(store.keep(kPatrol));
  for (int i = 0; i < 100; ++i) REQUIRE(store.keep(kTelemetry));
  while (store.log_of(kTelemetry).oldest < store.log_of(kTelemetry).newest) {
    REQUIRE(store.dropped(kStatus) == 0);
    REQUIRE(store.keep(kStatus));
  }
  for (int i = 0; i < 200; ++i) REQUIRE(store.keep(kStatus));

  CHECK(store.dropped(kStatus) > 0);
  CHECK(store.log_of(kAlarm).oldest == Seq{1});
  CHECK(store.log_of(kPatrol).oldest == Seq{1});
  CHECK(store.dropped(kAlarm) + store.dropped(kPatrol) == 0);
}

TEST_CASE("when only alarms and patrols are left telemetry is refused first and alarms last",
          "[spool][unit]") {
  SmallStore store;
  // Alarms alone grow into the reserve; then they are refused too, with the remedy.
  std::uint64_t alarms = 0;
  bool telemetry = true;
  bool patrol = true;
  while (store.keep(kAlarm)) {
    REQUIRE(++alarms < 5'000);
    const bool telemetry_now = store.keep(kTelemetry, 100);
    const bool patrol_now = store.keep(kPatrol, 100);
    CHECK((telemetry || !telemetry_now));  // stays refused: nothing was dropped
    CHECK((patrol || !patrol_now));
    CHECK((patrol_now || !telemetry_now));  // patrols are refused later than telemetry
    telemetry = telemetry_now;
    patrol = patrol_now;
  }
  CHECK_FALSE(telemetry);
  CHECK_FALSE(patrol);
  CHECK(alarms > 400);
  CHECK(store.dropped(kAlarm) + store.dropped(kPatrol) == 0);
  CHECK(store.log_of(kAlarm).oldest == Seq{1});
  CHECK(
      sentence_of(store.writer->shortage().told().value(), Language::english).find("store.quota") !=
      std::string::npos);
  CHECK(store.writer->shortage().refusals()[index_of(kTelemetry)] > 0);
}

TEST_CASE("a message that is offered again while there is no room counts once", "[spool][unit]") {
  SmallStore store;
  store.keep_until_refused(kAlarm);
  const auto before = store.writer->shortage().refusals()[index_of(kTelemetry)];
  const auto client = std::make_shared<SettledList>();
  const auto offer = [&](std::uint64_t ticket, bool repeated) {
    CommitGroup group;
    group.appends.push_back(an_append(a_record(kTelemetry, "21.5"), client, ticket));
    group.appends[0].repeated = repeated;
    store.writer->commit(group).value();
    REQUIRE(group.appends[0].refusal);
    return store.writer->shortage().refusals()[index_of(kTelemetry)] - before;
  };

  CHECK(offer(1, false) == 1);
  for (int i = 0; i < 20; ++i) CHECK(offer(1, false) == 1);  // the daemon tries it again by itself
  CHECK(offer(2, false) == 2);  // another message with the same content
  CHECK(offer(3, true) == 2);   // sent again on a new connection (DUP)
}

TEST_CASE("there is room again when the store has some, not when something was kept",
          "[spool][unit]") {
  SmallStore store;
  REQUIRE(store.keep(kAlarm));
  while (store.keep(kPatrol)) REQUIRE(store.dropped(kTelemetry) == 0);
  REQUIRE(store.writer->shortage().told());
  REQUIRE(store.keep(kAlarm));  // alarms still fit
  CHECK(store.writer->shortage().told());
  CHECK_FALSE(store.writer->look_for_room());
  CHECK_FALSE(store.log.says(LogLevel::info, "has room again"));

  CommitGroup deliver;
  deliver.notes.cursors.push_back({"street", kPatrol, store.log_of(kPatrol).newest});
  store.writer->commit(deliver).value();
  while (store.writer->remove_some()) {
  }
  // Nothing is kept meanwhile, and no append asks for room.
  CHECK(store.writer->look_for_room());
  CHECK_FALSE(store.writer->shortage().told());
  CHECK(store.log.count("has room again") == 1);
}

TEST_CASE("a quota that the disk cannot hold is remarked upon, with the largest that fits",
          "[spool][unit]") {
  const TempDirectory directory;
  const Disk disk = disk_of(directory.path() / "not" / "there" / "yet");
  REQUIRE(disk.size > ByteCount{});
  CHECK_FALSE(remark_on_quota(directory.path(), disk.size));
  const auto remark = remark_on_quota(directory.path(), ByteCount{disk.size.value + 1});
  REQUIRE(remark);
  CHECK(remark->find(text_of(disk.size)) != std::string::npos);
  CHECK(remark->find(advice_on_quota(disk.size)) != std::string::npos);
}

TEST_CASE("no quota is advised that the configuration does not take", "[spool][unit]") {
  CHECK(quota_for(ByteCount{1ULL << 30U}) == ByteCount{819ULL << 20U});
  CHECK(advice_on_quota(ByteCount{1ULL << 30U}) == "Set store.quota to at most 819 MiB");
  CHECK(quota_for(ByteCount{81ULL << 20U}) == kLeastQuota);
  for (const std::uint64_t mebibytes : {1, 16, 64, 79}) {
    const ByteCount disk{mebibytes << 20U};
    CHECK_FALSE(quota_for(disk));
    CHECK(advice_on_quota(disk).find("larger disk") != std::string::npos);
  }
}

TEST_CASE("in one group alarms are kept beside telemetry that is refused", "[spool][unit]") {
  SmallStore store;
  store.keep_until_refused(kPatrol);
  CommitGroup group;
  for (const auto event_class : {kTelemetry, kAlarm, kTelemetry}) {
    group.appends.push_back(an_append(a_record(event_class, "x"), nullptr, 0));
  }
  store.writer->commit(group).value();

  CHECK(group.appends[0].refusal);
  CHECK_FALSE(group.appends[1].refusal);
  CHECK(group.appends[2].refusal);
  CHECK(group.appends[0].refusal->kind == Failure::Kind::refused);
  CHECK(store.log_of(kAlarm).newest == Seq{1});
  CHECK(store.log_of(kTelemetry).newest == Seq{0});
}

TEST_CASE("bytes of a class are those of the rows it has, also after a restart", "[spool][unit]") {
  SmallStore store;
  for (int i = 0; i < 1'500; ++i) REQUIRE(store.keep(kTelemetry, 100 + i % 700));
  const auto bytes = store.log_of(kTelemetry).bytes();
  const auto counted = store.ask(
      "SELECT sum(72 + length(CAST(device AS BLOB)) + length(CAST(topic AS BLOB)) + "
      "length(payload) + length(CAST(annotation AS BLOB))) FROM log_telemetry");
  CHECK(bytes == ByteCount{static_cast<std::uint64_t>(counted)});
  store.reopen();
  CHECK(store.log_of(kTelemetry).bytes() == bytes);
}

TEST_CASE("a hole that a reader found is told once, and only what nobody dropped or has",
          "[spool][unit]") {
  SmallStore store;
  for (int i = 0; i < 100; ++i) REQUIRE(store.keep(kTelemetry));
  CommitGroup group;
  group.notes.cursors.push_back({"street", kTelemetry, Seq{10}});
  store.writer->commit(group).value();
  for (int i = 0; i < 2; ++i) {
    CommitGroup lost;
    lost.notes.losses.push_back({kTelemetry, Seq{5}, Seq{20}});
    lost.notes.losses.push_back({kTelemetry, Seq{15}, Seq{30}});
    store.writer->commit(lost).value();
  }

  CHECK(store.dropped(kTelemetry) == 20);  // the numbers 11 to 30
  CHECK(store.gaps("\"class\":\"telemetry\"", "\"damage\"") == 2);
}

TEST_CASE("what an upstream refused is kept as a copy until it is taken back", "[spool][unit]") {
  SmallStore store;
  REQUIRE(store.keep(kStatus));
  Record record = a_record(kStatus, "refused");
  record.epoch = store.writer->contents().epoch;
  record.seq = Seq{1};
  for (int i = 0; i < 2; ++i) {  // noted twice, kept once
    CommitGroup group;
    group.notes.set_aside.push_back({"street", record, 0x99});
    store.writer->commit(group).value();
  }
  REQUIRE(store.writer->contents().set_aside.at("street").total() == 1);
  store.reopen();
  REQUIRE(store.writer->contents().set_aside.at("street").records[index_of(kStatus)] == 1);

  CommitGroup group;
  group.notes.taken_back.push_back({"street", 1});
  store.writer->commit(group).value();
  CHECK(store.writer->contents().set_aside.empty());
}

TEST_CASE("what is set aside again while it is taken back stays, under an id of its own",
          "[spool][unit]") {
  SmallStore store;
  REQUIRE(store.keep(kStatus));
  Record record = a_record(kStatus, "refused");
  record.epoch = store.writer->contents().epoch;
  record.seq = Seq{1};
  CommitGroup first;
  first.notes.set_aside.push_back({"street", record, 0x99});
  store.writer->commit(first).value();
  CommitGroup both;
  both.notes.set_aside.push_back({"street", record, 0x99});
  both.notes.taken_back.push_back({"street", 1});
  store.writer->commit(both).value();
  REQUIRE(store.writer->contents().set_aside.at("street").total() == 1);

  // A late second take-back means the first copy, not this one.
  CommitGroup late;
  late.notes.taken_back.push_back({"street", 1});
  store.writer->commit(late).value();
  CHECK(store.writer->contents().set_aside.at("street").total() == 1);
}

TEST_CASE("the forecast is the room divided by the rate of the last day", "[spool][unit]") {
  Forecast forecast;
  const SteadyTime start{std::chrono::hours{1'000}};
  const auto at = [start](int hours) { return start + std::chrono::hours{hours}; };
  forecast.note(start, ByteCount{0});
  CHECK_FALSE(forecast.days_left(start + std::chrono::minutes{59}, ByteCount{1'000}));
  for (int hour = 0; hour < 6; ++hour) forecast.note(at(hour), ByteCount{100});
  CHECK(*forecast.days_left(at(6), ByteCount{2'400}) == Approx(1.0));
  // A day later only what came within the last day counts.
  for (int hour = 6; hour < 60; ++hour) forecast.note(at(hour), ByteCount{50});
  CHECK(*forecast.days_left(at(60), ByteCount{12'000}) == Approx(10.0).epsilon(0.05));
  CHECK(*Forecast{forecast}.days_left(at(2'000), ByteCount{12'000}) == Approx(3'650));
}

#include <fmt/format.h>

#include <fstream>

#include "spool/reader/sqlite_log_reader.hpp"
#include "spool/sqlite_spool.hpp"
#include "spool/tables/row_sum.hpp"
#include "support/catch.hpp"
#include "support/io_queue.hpp"
#include "support/recording_log.hpp"
#include "support/records.hpp"
#include "support/temp_directory.hpp"

using namespace watchpost;
using namespace watchpost::spool;
using namespace watchpost::support;

namespace {

struct OpenSpool {
  IoQueue io;
  RecordingLog log;
  std::unique_ptr<SqliteSpool> spool;
  std::shared_ptr<SettledList> settled = std::make_shared<SettledList>();

  explicit OpenSpool(const std::filesystem::path& directory, SpoolOptions options = {}) {
    options.writer.directory = directory;
    spool = SqliteSpool::open(std::move(options), io.post(), log).value();
  }

  void append(EventClass event_class, std::string payload, std::uint64_t ticket) {
    spool->append(an_append(a_record(event_class, std::move(payload)), settled, ticket));
  }
  bool wait_settled(std::size_t count) {
    return io.run_until([&] { return settled->entries.size() >= count; });
  }
  std::vector<Record> read(EventClass event_class, Seq after = Seq{}, std::size_t most = 10'000) {
    SqliteLogReader reader(spool->database_file(), io.post(), log);
    std::vector<Record> records;
    bool answered = false;
    reader.read({event_class, after, most, ByteCount{64U << 20U}}, [&](LogReader::Found answer) {
      for (const auto& each : answer.value()) records.push_back(*each);
      answered = true;
    });
    REQUIRE(io.run_until([&] { return answered; }));
    return records;
  }
};

}  // namespace

TEST_CASE("telemetry waits for company, and an alarm takes it along at once", "[spool][unit]") {
  const TempDirectory directory;
  SpoolOptions options;
  options.linger = std::chrono::hours{1};
  OpenSpool open(directory.path(), std::move(options));
  open.append(EventClass::telemetry, "1", 1);
  open.append(EventClass::status, "2", 2);
  open.append(EventClass::alarm, "3", 3);
  REQUIRE(open.wait_settled(3));
  CHECK(open.spool->status().commits == 1);

  open.append(EventClass::telemetry, "4", 4);
  open.append(EventClass::patrol, "5", 5);
  REQUIRE(open.wait_settled(5));
  CHECK(open.spool->status().commits == 2);

  // A stop does not wait for messages to linger.
  open.append(EventClass::telemetry, "6", 6);
  open.spool->stop();
  REQUIRE(open.wait_settled(6));
  CHECK(open.settled->entries.back().success);
}

TEST_CASE("telemetry that stays alone is committed after the linger", "[spool][unit]") {
  const TempDirectory directory;
  SpoolOptions options;
  options.linger = std::chrono::milliseconds{200};
  OpenSpool open(directory.path(), std::move(options));
  const auto begun = std::chrono::steady_clock::now();
  open.append(EventClass::telemetry, "1", 1);
  REQUIRE(open.wait_settled(1));
  CHECK(std::chrono::steady_clock::now() - begun >= std::chrono::milliseconds{200});
}

TEST_CASE("what was settled is in the log after the spool was closed and opened again",
          "[spool][unit]") {
  const TempDirectory directory;
  Epoch epoch;
  {
    OpenSpool open(directory.path());
    epoch = open.spool->epoch();
    open.append(EventClass::telemetry, "one", 1);
    open.append(EventClass::alarm, std::string("t\0wo", 4), 2);
    REQUIRE(open.wait_settled(2));
    CHECK(open.settled->entries[0].success);
    CHECK(open.settled->entries[1].success);
  }

  OpenSpool again(directory.path());

  CHECK(again.spool->epoch() != epoch);
  CHECK(again.spool->heads().newest[index_of(EventClass::alarm)] == Seq{1});
  const auto alarms = again.read(EventClass::alarm);
  REQUIRE(alarms.size() == 1);
  CHECK(alarms[0].payload == std::string("t\0wo", 4));
  CHECK(alarms[0].annotation == R"({"kind":"smoke"})");
  CHECK(again.read(EventClass::telemetry).at(0).payload == "one");
}

TEST_CASE("sequences are dense per class and go on after a restart", "[spool][unit]") {
  const TempDirectory directory;
  for (std::uint64_t run = 0; run < 3; ++run) {
    OpenSpool open(directory.path());
    for (std::uint64_t i = 0; i < 100; ++i) open.append(EventClass::status, "x", i);
    REQUIRE(open.wait_settled(100));
    const auto records = open.read(EventClass::status);
    // Each start but the first adds the event that begins its epoch.
    REQUIRE(records.size() == 100 * (run + 1) + run);
    for (std::size_t i = 0; i < records.size(); ++i) CHECK(records[i].seq == Seq{i + 1});
  }
}

TEST_CASE("an alarm is settled before telemetry that was queued earlier", "[spool][unit]") {
  const TempDirectory directory;
  OpenSpool open(directory.path());
  constexpr std::uint64_t kQueued = 20'000;
  for (std::uint64_t i = 0; i < kQueued; ++i) open.append(EventClass::telemetry, "x", i);
  open.append(EventClass::alarm, "fire", kQueued);

  REQUIRE(open.wait_settled(kQueued + 1));

  const auto alarm = std::find_if(open.settled->entries.begin(), open.settled->entries.end(),
                                  [](const auto& entry) { return entry.ticket == kQueued; });
  const auto before = static_cast<std::uint64_t>(alarm - open.settled->entries.begin());
  // Before the alarm comes at most the commit that was under way, whatever that one had taken.
  CHECK(before < kQueued);
}

TEST_CASE("appends of one class are settled in the order they came", "[spool][unit]") {
  const TempDirectory directory;
  OpenSpool open(directory.path());
  for (std::uint64_t i = 0; i < 5'000; ++i) open.append(EventClass::telemetry, "x", i);
  REQUIRE(open.wait_settled(5'000));
  for (std::uint64_t i = 0; i < 5'000; ++i) REQUIRE(open.settled->entries[i].ticket == i);
}

TEST_CASE("the spool stops accepting at its bound and calls back when it has room",
          "[spool][unit]") {
  const TempDirectory directory;
  SpoolOptions options;
  options.commit_queue = ByteCount{100'000};
  OpenSpool open(directory.path(), options);
  bool resumed = false;

  std::uint64_t appended = 0;
  while (open.spool->accepting()) open.append(EventClass::telemetry, noise(1'000), ++appended);
  CHECK(appended < 100);
  open.spool->when_accepting([&] { resumed = true; });
  CHECK_FALSE(resumed);

  CHECK(open.io.run_until([&] { return resumed; }));
  CHECK(open.spool->accepting());
}

TEST_CASE("cursors survive a restart and never move backwards", "[spool][unit]") {
  const TempDirectory directory;
  {
    OpenSpool open(directory.path());
    open.append(EventClass::alarm, "x", 1);
    REQUIRE(open.wait_settled(1));
    open.spool->advance("street", EventClass::alarm, Seq{7});
    open.spool->advance("street", EventClass::alarm, Seq{5});
    CHECK(open.spool->cursor("street", EventClass::alarm) == Seq{7});
  }
  OpenSpool again(directory.path());
  CHECK(again.spool->cursor("street", EventClass::alarm) == Seq{7});
  CHECK(again.spool->cursor("street", EventClass::patrol) == Seq{});
  CHECK(again.spool->cursor("district", EventClass::alarm) == Seq{});
}

TEST_CASE("sessions and their packet ids survive a restart until they are forgotten",
          "[spool][unit]") {
  using Kind = SessionChange::Kind;
  const TempDirectory directory;
  {
    OpenSpool open(directory.path());
    Append append;
    for (const SessionChange& change : std::initializer_list<SessionChange>{
             {Kind::open, "reader-1", {}, std::chrono::seconds{3'600}},
             {Kind::remember_packet_id, "reader-1", PacketId{9}, {}},
             {Kind::remember_packet_id, "reader-1", PacketId{65'535}, {}},
             {Kind::forget_packet_id, "reader-1", PacketId{9}, {}},
             {Kind::open, "gone", {}, std::chrono::seconds{1}},
             {Kind::remember_packet_id, "gone", PacketId{1}, {}},
             {Kind::end, "gone", {}, {}}}) {
      append.facts.emplace_back(change);
    }
    append.ticket = {open.settled, TicketNumber{1}};
    open.spool->append(std::move(append));
    REQUIRE(open.wait_settled(1));
  }
  OpenSpool again(directory.path());
  const auto& sessions = again.spool->stored_facts().sessions;
  REQUIRE(sessions.size() == 1);
  CHECK(sessions[0].client_id == "reader-1");
  CHECK(sessions[0].expiry == std::chrono::seconds{3'600});
  CHECK(sessions[0].received_packet_ids == std::vector{PacketId{65'535}});
}

TEST_CASE("what a decoder remembers survives a restart; the last value of a key counts",
          "[spool][unit]") {
  const TempDirectory directory;
  const std::string large(300'000, 'x');
  {
    OpenSpool open(directory.path());
    Append append;
    for (const Remembered& each : std::initializer_list<Remembered>{{"zigbee2mqtt", "list", "old"},
                                                                    {"zigbee2mqtt", "gone", "x"},
                                                                    {"other", "list", "its own"},
                                                                    {"zigbee2mqtt", "list", large},
                                                                    {"zigbee2mqtt", "gone", ""}}) {
      append.facts.emplace_back(each);
    }
    append.ticket = {open.settled, TicketNumber{1}};
    open.spool->append(std::move(append));
    REQUIRE(open.wait_settled(1));
  }
  OpenSpool again(directory.path());
  const auto& remembered = again.spool->stored_facts().remembered;
  REQUIRE(remembered.size() == 2);
  CHECK(remembered[0].value == "its own");
  CHECK(remembered[1].decoder == "zigbee2mqtt");
  CHECK(remembered[1].value == large);
}

TEST_CASE("delivered history past its limit goes, undelivered records stay", "[spool][unit]") {
  const TempDirectory directory;
  SpoolOptions options;
  options.writer.kept_for.required = {"street"};
  options.writer.space.history = ByteCount{200'000};
  options.cursor_rest = std::chrono::milliseconds{20};
  OpenSpool open(directory.path(), options);
  constexpr std::uint64_t kCount = 2'000;
  for (std::uint64_t i = 0; i < kCount; ++i) {
    open.append(EventClass::telemetry, noise(500), i);
  }
  REQUIRE(open.wait_settled(kCount));
  CHECK(open.read(EventClass::telemetry).size() == kCount);

  open.spool->advance("street", EventClass::telemetry, Seq{1'500});
  open.append(EventClass::telemetry, "y", kCount);
  REQUIRE(open.wait_settled(kCount + 1));
  // Removal of old records goes on while the spool is idle.
  std::uint64_t ticket = kCount + 1;
  while (open.spool->status().oldest[index_of(EventClass::telemetry)] < Seq{1'501}) {
    open.append(EventClass::status, "z", ++ticket);
    REQUIRE(open.wait_settled(ticket - kCount + kCount));
  }

  const auto left = open.read(EventClass::telemetry);
  CHECK(left.front().seq == Seq{1'501});
  CHECK(left.back().seq == Seq{kCount + 1});
}

TEST_CASE("a second daemon on the same directory is refused in words", "[spool][unit]") {
  const TempDirectory directory;
  OpenSpool open(directory.path());
  SpoolOptions options;
  options.writer.directory = directory.path();
  const auto second = SqliteSpool::open(options, open.io.post(), open.log);
  REQUIRE(second.has_error());
  CHECK(second.error().sentence().find("Another watchpostd") != std::string::npos);
  CHECK(second.error().chinese.find("另一个 watchpostd 正在使用数据目录") == 0);
}

TEST_CASE("a store that is no database is put aside and a new epoch begins", "[spool][unit]") {
  const TempDirectory directory;
  std::ofstream(directory.path() / "watchpost.db") << std::string(8'192, 'x');
  OpenSpool open(directory.path());
  CHECK(open.log.says(LogLevel::error, "quarantine"));
  CHECK(std::filesystem::exists(directory.path() / "quarantine" / "1" / "watchpost.db"));
  open.append(EventClass::alarm, "works", 1);
  CHECK(open.wait_settled(1));
}

TEST_CASE("an append without content settles without a commit", "[spool][unit]") {
  const TempDirectory directory;
  OpenSpool open(directory.path());
  Append heartbeat;
  heartbeat.ticket = {open.settled, TicketNumber{1}};
  open.spool->append(std::move(heartbeat));
  REQUIRE(open.wait_settled(1));
  CHECK(open.settled->entries[0].success);
}

// What the spool does when the disk, the quota or a row fails it.
#include <filesystem>
#include <fstream>
#include <optional>
#include <vector>

#include "spool/reader/sqlite_log_reader.hpp"
#include "spool/sqlite_spool.hpp"
#include "sqlite/database.hpp"
#include "support/catch.hpp"
#include "support/io_queue.hpp"
#include "support/recording_log.hpp"
#include "support/records.hpp"
#include "support/temp_directory.hpp"

using namespace watchpost;
using namespace watchpost::spool;
using namespace watchpost::support;

namespace {

constexpr auto kReadings = EventClass::telemetry;
// Alarms are never dropped, so a store full of them refuses more.
constexpr auto kAlarms = EventClass::alarm;

SpoolOptions a_small_store() {
  SpoolOptions options;
  options.writer.kept_for.required = {"street"};
  options.writer.space.quota = ByteCount{400'000};
  options.writer.space.history = options.writer.space.quota;
  return options;
}

struct SmallSpool {
  TempDirectory directory;
  IoQueue io;
  RecordingLog log;
  std::unique_ptr<SqliteSpool> spool;
  std::shared_ptr<SettledList> settled = std::make_shared<SettledList>();
  std::uint64_t ticket = 0;

  SmallSpool() {
    auto options = a_small_store();
    options.writer.directory = directory.path();
    spool = SqliteSpool::open(std::move(options), io.post(), log).value();
  }

  void append(std::size_t bytes = 1'000) {
    spool->append(an_append(a_record(kAlarms, noise(bytes)), settled, ++ticket));
  }
  bool append_and_wait() {
    append();
    REQUIRE(io.run_until([&] { return settled->entries.size() == ticket; }));
    return settled->entries.back().success;
  }
  void fill() {
    while (append_and_wait()) REQUIRE(ticket < 5'000);
  }
  void acknowledge_everything() {
    spool->advance("street", kAlarms, spool->heads().newest[index_of(kAlarms)]);
  }
};

// The second and the third page with rows of a table take each other's place.
void swap_two_leaves(const std::filesystem::path& file, std::string_view table) {
  std::vector<std::int64_t> leaves;
  std::int64_t size = 0;
  {
    auto database =
        sqlite::Database::open(file, sqlite::Database::Access::read_write_create).value();
    auto select = database
                      .prepare(
                          "SELECT pageno, pgsize FROM dbstat WHERE name = ?1 AND pagetype = 'leaf' "
                          "ORDER BY path")
                      .value();
    select.bind(1, table);
    while (select.step().value()) {
      leaves.push_back(select.integer(0));
      size = select.integer(1);
    }
  }
  REQUIRE(leaves.size() > 3);
  std::fstream bytes(file, std::ios::in | std::ios::out | std::ios::binary);
  std::string one(static_cast<std::size_t>(size), '\0'), other = one;
  const auto place = [size](std::int64_t page) { return (page - 1) * size; };
  bytes.seekg(place(leaves[1])).read(one.data(), size);
  bytes.seekg(place(leaves[2])).read(other.data(), size);
  bytes.seekp(place(leaves[1])).write(other.data(), size);
  bytes.seekp(place(leaves[2])).write(one.data(), size);
  REQUIRE(bytes.flush());
}

}  // namespace

TEST_CASE("a full store serves again once the upstream has what it holds, under any load",
          "[spool][unit]") {
  SmallSpool open;
  open.fill();
  open.acknowledge_everything();

  // The spool is never idle: each answer is followed by the next message, as from clients that try
  // again.
  constexpr std::uint64_t kOutstanding = 50;
  for (std::uint64_t i = 0; i < kOutstanding; ++i) open.append();
  const auto first = open.settled->entries.size();
  bool served = false;
  while (!served && open.ticket < 3'000) {
    const auto known = open.settled->entries.size();
    REQUIRE(open.io.run_until([&] { return open.settled->entries.size() > known; }));
    for (auto i = known; i < open.settled->entries.size(); ++i) open.append();
    served = open.settled->entries.back().success;
  }

  CHECK(served);
  CHECK(open.settled->entries.size() > first);
}

TEST_CASE("a cursor is saved although the message beside it is refused", "[spool][unit]") {
  SmallSpool open;
  REQUIRE(open.append_and_wait());
  const auto commits = open.spool->status().commits;
  open.acknowledge_everything();
  open.append(500'000);  // larger than the whole quota
  REQUIRE(open.io.run_until([&] { return open.settled->entries.size() == open.ticket; }));
  REQUIRE_FALSE(open.settled->entries.back().success);

  CHECK(open.spool->status().commits > commits);
}

TEST_CASE("want of room stays in the status until there is room", "[spool][unit]") {
  SmallSpool open;
  open.fill();
  REQUIRE(open.spool->status().no_room);
  CHECK(open.spool->status().refused[index_of(kAlarms)] == 1);

  // The watchdog's heartbeat writes nothing, so its success does not prove that the disk works.
  Append heartbeat;
  heartbeat.ticket = {open.settled, TicketNumber{++open.ticket}};
  open.spool->append(std::move(heartbeat));
  REQUIRE(open.io.run_until([&] { return open.settled->entries.size() == open.ticket; }));
  CHECK(open.spool->status().no_room);

  open.acknowledge_everything();
  while (!open.append_and_wait() || open.spool->status().no_room) {
    REQUIRE(open.ticket < 5'000);
  }
  CHECK_FALSE(open.spool->status().last_failure);
}

TEST_CASE("want of room is one line in the log, and its end another", "[spool][unit]") {
  SmallSpool open;
  open.fill();
  for (int i = 0; i < 5; ++i) CHECK_FALSE(open.append_and_wait());
  CHECK(open.log.count("has reached its quota") == 1);
  CHECK_FALSE(open.log.says(LogLevel::info, "has room again"));

  open.acknowledge_everything();
  while (!open.append_and_wait() || open.spool->status().no_room) {
    REQUIRE(open.ticket < 5'000);
  }
  CHECK(open.log.count("has reached its quota") == 1);
  CHECK(open.log.says(LogLevel::info, "has room again"));
}

TEST_CASE("what is appended after the stop is settled as failed", "[spool][unit]") {
  SmallSpool open;
  open.spool->stop();
  CHECK_FALSE(open.append_and_wait());
}

TEST_CASE("a whole page of damaged rows hides none of the good ones behind it", "[spool][unit]") {
  const TempDirectory directory;
  IoQueue io;
  RecordingLog log;
  constexpr std::uint64_t kDamaged = 300;
  SpoolOptions options;
  options.writer.directory = directory.path();
  const auto spool = SqliteSpool::open(options, io.post(), log).value();
  const auto settled = std::make_shared<SettledList>();
  for (std::uint64_t i = 1; i <= kDamaged + 1; ++i) {
    spool->append(an_append(a_record(kReadings, "x"), settled, i));
  }
  REQUIRE(io.run_until([&] { return settled->entries.size() == kDamaged + 1; }));
  auto damage =
      sqlite::Database::open(spool->database_file(), sqlite::Database::Access::read_write_create)
          .value();
  damage.execute("UPDATE log_telemetry SET payload = x'00' WHERE seq <= 300").value();

  SqliteLogReader reader(spool->database_file(), io.post(), log);
  std::vector<Record> records;
  bool answered = false;
  reader.read({kReadings, Seq{}, 256, ByteCount{1U << 20U}}, [&](LogReader::Found answer) {
    for (const auto& each : answer.value()) records.push_back(*each);
    answered = true;
  });
  REQUIRE(io.run_until([&] { return answered; }));

  REQUIRE(records.size() == 1);
  CHECK(records[0].seq == Seq{kDamaged + 1});
  CHECK(log.says(LogLevel::error, "damaged on disk"));
}

TEST_CASE("a log whose pages are not where they were is damage, and not read for ever",
          "[spool][unit]") {
  const TempDirectory directory;
  IoQueue io;
  RecordingLog log;
  SpoolOptions options;
  options.writer.directory = directory.path();
  auto spool = SqliteSpool::open(options, io.post(), log).value();
  const auto settled = std::make_shared<SettledList>();
  constexpr std::uint64_t kRecords = 100;
  for (std::uint64_t i = 1; i <= kRecords; ++i)
    spool->append(an_append(a_record(kAlarms, noise(500)), settled, i));
  REQUIRE(io.run_until([&] { return settled->entries.size() == kRecords; }));
  const auto file = spool->database_file();
  spool.reset();  // all of it is in the database then
  swap_two_leaves(file, "log_alarm");

  SqliteLogReader reader(file, io.post(), log);
  std::optional<Failure> damage;
  bool answered = false;
  reader.on_damage([&](const Failure& failure) { damage = failure; });
  reader.read({kAlarms, Seq{}, 256, ByteCount{1U << 20U}}, [&](const LogReader::Found& answer) {
    CHECK(answer.has_error());
    answered = true;
  });
  REQUIRE(io.run_until([&] { return answered && damage; }));
  CHECK(damage->what.find("stands behind record") != std::string::npos);
}

TEST_CASE("a record stays until the slowest required upstream has it", "[spool][unit]") {
  const std::string fast = GENERATE("street", "district");
  const std::string slow = fast == "street" ? "district" : "street";
  const TempDirectory directory;
  IoQueue io;
  RecordingLog log;
  SpoolOptions options;
  options.writer.directory = directory.path();
  options.writer.kept_for.required = {"street", "district"};
  options.writer.space.history = ByteCount{0};
  options.cursor_rest = std::chrono::milliseconds{0};
  const auto spool = SqliteSpool::open(options, io.post(), log).value();
  const auto settled = std::make_shared<SettledList>();
  std::uint64_t ticket = 0;
  const auto append_and_wait = [&] {
    spool->append(an_append(a_record(kReadings, noise(500)), settled, ++ticket));
    REQUIRE(io.run_until([&] { return settled->entries.size() == ticket; }));
  };
  const auto oldest = [&] { return spool->status().oldest[index_of(kReadings)]; };
  for (int i = 0; i < 20; ++i) append_and_wait();

  spool->advance(fast, kReadings, Seq{20});
  spool->advance(slow, kReadings, Seq{5});
  // The first append saves the cursors, the others remove the records that the cursors passed.
  for (int i = 0; i < 3; ++i) append_and_wait();
  CHECK(oldest() == Seq{6});

  spool->advance(slow, kReadings, Seq{20});
  for (int i = 0; i < 3; ++i) append_and_wait();
  CHECK(oldest() == Seq{21});
}

TEST_CASE("after a checkpoint the database is left alone until the WAL has grown again",
          "[spool][unit]") {
  const TempDirectory directory;
  RecordingLog log;
  WriterOptions options;
  options.directory = directory.path();
  auto writer = Writer::open(options, log).value();
  const auto commit = [&](std::size_t bytes) {
    CommitGroup group;
    group.appends.push_back(an_append(a_record(kReadings, noise(bytes)), nullptr, 0));
    writer.commit(group).value();
    writer.after_commit();
  };
  // The WAL grew past the size at which it is moved: it was moved, and stays a large file whose
  // room is used again.
  for (int i = 0; i < 6; ++i) commit(1U << 20U);
  const std::filesystem::file_time_type long_ago{};
  std::filesystem::last_write_time(writer.database_file(), long_ago);

  for (int i = 0; i < 20; ++i) commit(10);

  CHECK(std::filesystem::last_write_time(writer.database_file()) == long_ago);
  for (int i = 0; i < 6; ++i) commit(1U << 20U);
  CHECK(std::filesystem::last_write_time(writer.database_file()) != long_ago);
}

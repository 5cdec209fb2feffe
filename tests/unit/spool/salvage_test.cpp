// What the Writer does with a store that it cannot use as it is.
#include <fmt/format.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <iterator>
#include <map>

#include "spool/reader/sqlite_log_reader.hpp"
#include "spool/sqlite_spool.hpp"
#include "spool/tables/all_tables.hpp"
#include "spool/tables/row_sum.hpp"
#include "spool/writer/writer.hpp"
#include "support/catch.hpp"
#include "support/io_queue.hpp"
#include "support/recording_log.hpp"
#include "support/recording_vfs.hpp"
#include "support/records.hpp"
#include "support/temp_directory.hpp"

using namespace watchpost;
using namespace watchpost::spool;
using namespace watchpost::support;

namespace {

namespace fs = std::filesystem;

constexpr auto kAlarmClass = EventClass::alarm;
constexpr std::size_t kPage = 4096;

WriterOptions options_for(const fs::path& directory) {
  WriterOptions options;
  options.directory = directory;
  options.kept_for.required = {"street"};
  return options;
}

struct SalvagedStore {
  TempDirectory directory;
  RecordingLog log;
  std::unique_ptr<Writer> writer;

  fs::path file(const char* name = "watchpost.db") const { return directory.path() / name; }
  Result<void> open() {
    writer.reset();
    auto opened = Writer::open(options_for(directory.path()), log);
    if (!opened) return opened.error();
    writer = std::make_unique<Writer>(std::move(*opened));
    return {};
  }
  void add(int count, std::size_t bytes = 100) {
    for (int i = 0; i < count; ++i) {
      CommitGroup group;
      Append append;
      append.records.push_back(a_record(kAlarmClass, noise(bytes)));
      group.appends.push_back(std::move(append));
      writer->commit(group).value();
    }
  }
  // Copies the files as kill -9 leaves them.
  void copy_to(const fs::path& to) const {
    for (const auto& entry : fs::directory_iterator(directory.path())) {
      if (entry.is_regular_file()) fs::copy_file(entry.path(), to / entry.path().filename());
    }
  }
};

std::string bytes_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void overwrite_at(const fs::path& path, std::uint64_t at, const std::string& bytes) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(static_cast<std::streamoff>(at));
  file << bytes;
}

std::uint64_t alarms_in(const Writer& writer) {
  auto database =
      sqlite::Database::open(writer.database_file(), sqlite::Database::Access::read_only).value();
  return static_cast<std::uint64_t>(
      database.query_integer("SELECT count(*) FROM log_alarm").value());
}

// Makes a store of 40 alarms, half of them in the WAL, whose database no longer begins like a
// database.
void make_damaged(SalvagedStore& store) {
  store.open().value();
  store.add(20);
  store.writer->close();
  store.open().value();
  store.add(20);
  const TempDirectory copy;
  store.copy_to(copy.path());
  store.writer.reset();
  fs::remove_all(store.directory.path());
  fs::create_directories(store.directory.path());
  for (const auto& entry : fs::directory_iterator(copy.path())) {
    fs::copy_file(entry.path(), store.file(entry.path().filename().c_str()));
  }
  overwrite_at(store.file(), 0, std::string(100, 'x'));
  overwrite_at(store.file("watchpost.db-wal"), 0, std::string(32, 'x'));
}

// A child opens the store, and dies right after the `ops`-th operation of SQLite on the new store
// that it makes. False: it made fewer, and opened it.
bool dies_after(SalvagedStore& store, std::size_t ops) {
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    RecordingVfs vfs(store.file("watchpost.db.building"));
    vfs.make_default(7);
    vfs.call_after(ops, [] { ::kill(::getpid(), SIGKILL); });
    (void)store.open();
    ::_exit(0);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  return WIFSIGNALED(status);
}

}  // namespace

TEST_CASE("a salvage that crashed anywhere is done again or finished by the next start",
          "[spool][unit]") {
  SalvagedStore damaged;
  make_damaged(damaged);
  SalvagedStore whole;
  damaged.copy_to(whole.directory.path());
  whole.open().value();
  const Epoch epoch = whole.writer->contents().epoch;
  // 40 alarms, and the event that begins the epoch of the second start.
  REQUIRE(whole.writer->salvage().saved == 41);
  whole.writer.reset();
  const auto salvaged = bytes_of(whole.file());

  const fs::path aside = damaged.directory.path() / "quarantine" / "1";
  std::ofstream(damaged.file("salvage-wanted")).flush();
  const auto steps = GENERATE(0, 1, 2, 3, 4, 5);
  if (steps == 0) std::ofstream(damaged.file("watchpost.db.building")) << salvaged.substr(0, 9'000);
  if (steps >= 1) std::ofstream(damaged.file("watchpost.db.finished")) << salvaged;
  if (steps >= 1) fs::create_directories(aside);
  if (steps >= 2) fs::remove(damaged.file("salvage-wanted"));
  if (steps >= 3) fs::remove(damaged.file("witness"));
  if (steps >= 4) fs::rename(damaged.file(), aside / "watchpost.db");
  if (steps >= 5) fs::rename(damaged.file("watchpost.db-wal"), aside / "watchpost.db-wal");

  damaged.open().value();
  CHECK(alarms_in(*damaged.writer) == 40);
  CHECK((steps == 0 || damaged.writer->contents().epoch == epoch));
  CHECK(fs::exists(aside / "watchpost.db"));
  CHECK(fs::exists(aside / "watchpost.db-wal"));
  CHECK_FALSE(fs::exists(damaged.file("watchpost.db.building")));
  CHECK_FALSE(fs::exists(damaged.file("watchpost.db.finished")));
  CHECK_FALSE(fs::exists(damaged.file("salvage-wanted")));
  damaged.add(1);
  CHECK(damaged.writer->contents().logs[index_of(kAlarmClass)].newest == Seq{41});
}

TEST_CASE("a salvage that is killed at any of its operations loses nothing", "[spool][unit]") {
  SalvagedStore damaged;
  make_damaged(damaged);
  std::size_t point = 1;
  for (;; ++point) {
    SalvagedStore store;
    damaged.copy_to(store.directory.path());
    if (!dies_after(store, point)) break;
    // The start after it dies too, elsewhere.
    (void)dies_after(store, 1 + point * 7 % 20);
    store.open().value();
    CAPTURE(point);
    CHECK(alarms_in(*store.writer) == 40);
    store.add(1);
    CHECK(store.writer->contents().logs[index_of(kAlarmClass)].newest == Seq{41});
  }
  // That is how many operations a salvage of this store has, less a few.
  CHECK(point > 10);
}

TEST_CASE("the torn end of a WAL begins no epoch and puts nothing aside", "[spool][unit]") {
  SalvagedStore store;
  store.open().value();
  store.add(10);
  const Epoch epoch = store.writer->contents().epoch;
  const auto wal = fs::file_size(store.file("watchpost.db-wal"));
  const auto witness = bytes_of(store.file("witness"));
  store.add(1);
  SalvagedStore after;
  store.copy_to(after.directory.path());
  // The last commit was never acknowledged, so the old witness does not know it.
  std::ofstream(after.file("witness"), std::ios::binary) << witness;
  overwrite_at(after.file("watchpost.db-wal"), wal + 24, std::string(8, '\0'));
  after.open().value();
  CHECK(after.writer->contents().epoch == epoch);
  CHECK(after.writer->salvage().reason.empty());
  CHECK(alarms_in(*after.writer) == 10);
  CHECK_FALSE(fs::exists(after.directory.path() / "quarantine"));
}

TEST_CASE("a damaged commit at the end of the WAL is salvaged where it was acknowledged",
          "[spool][unit]") {
  SalvagedStore store;
  store.open().value();
  store.add(10);
  const Epoch epoch = store.writer->contents().epoch;
  const auto wal = fs::file_size(store.file("watchpost.db-wal"));
  store.add(1);
  SalvagedStore after;
  store.copy_to(after.directory.path());
  overwrite_at(after.file("watchpost.db-wal"), wal + 24 + 50, std::string(4, '\xA5'));
  after.open().value();
  CHECK(after.writer->contents().epoch != epoch);
  CHECK(after.writer->salvage().saved == 11);
  CHECK(after.writer->salvage().lost == 0);
}

TEST_CASE("a WAL cut inside the zeros at its end is salvaged", "[spool][unit]") {
  SalvagedStore store;
  store.open().value();
  // Until the last of a row's pages is one that SQLite had not used for anything else before.
  const std::string zeros(10, '\0');
  std::uint64_t rows = 0;
  do {
    REQUIRE(++rows < 100);
    store.add(1, 5'000 + 100 * rows);
  } while (!bytes_of(store.file("watchpost.db-wal")).ends_with(zeros));
  SalvagedStore after;
  store.copy_to(after.directory.path());
  const fs::path wal = after.file("watchpost.db-wal");
  fs::resize_file(wal, fs::file_size(wal) - zeros.size());
  after.open().value();
  CHECK(after.writer->salvage().saved == rows);
  CHECK(after.writer->salvage().lost == 0);
}

TEST_CASE("a newer store is refused and not touched, nor is its WAL", "[spool][unit]") {
  SalvagedStore store;
  store.open().value();
  store.add(5);
  auto newer =
      sqlite::Database::open(store.file(), sqlite::Database::Access::read_write_create).value();
  newer.execute("CREATE TABLE of_the_future (a); PRAGMA user_version=99").value();
  SalvagedStore copy;
  store.copy_to(copy.directory.path());
  std::map<fs::path, std::string> before;
  for (const auto& entry : fs::directory_iterator(copy.directory.path())) {
    before[entry.path()] = bytes_of(entry.path());
  }
  const auto opened = copy.open();
  REQUIRE(opened.has_error());
  CHECK(opened.error().kind == Failure::Kind::refused);
  CHECK(opened.error().sentence().find("version 99") != std::string::npos);
  std::map<fs::path, std::string> after;
  for (const auto& entry : fs::directory_iterator(copy.directory.path())) {
    after[entry.path()] = bytes_of(entry.path());
  }
  CHECK(after == before);
}

TEST_CASE("a version number that only damage can have written is no newer store", "[spool][unit]") {
  SalvagedStore store;
  store.open().value();
  store.add(5);
  store.writer->close();
  store.writer.reset();
  const auto number = GENERATE(std::string{'\0', '\0', '\0', kSchemaVersion + 1},
                               std::string("\x7f\0\0\x02", 4), std::string("\0\0\0\0", 4));
  overwrite_at(store.file(), 60, number);
  store.open().value();
  CHECK(store.writer->salvage().saved == 5);
}

TEST_CASE("what is lost between saved rows is in the ledger once, and told upstream",
          "[spool][unit]") {
  SalvagedStore store;
  store.open().value();
  store.add(200, 300);
  store.writer->close();
  store.writer.reset();
  // One of the last pages, which are the log's, is damaged, and the header too, so that the start
  // notices.
  const auto pages = fs::file_size(store.file()) / kPage;
  overwrite_at(store.file(), (pages - 3) * kPage, std::string(kPage, '\0'));
  overwrite_at(store.file(), 0, "x");
  store.open().value();
  const auto lost = store.writer->salvage().lost;
  CHECK(lost > 3);
  CHECK(store.writer->salvage().saved + lost == 200);
  CHECK(store.writer->contents().dropped[index_of(kAlarmClass)] == lost);
  auto database = sqlite::Database::open(store.file(), sqlite::Database::Access::read_only).value();
  CHECK(
      database.query_integer("SELECT count(*) FROM drop_ledger WHERE reason = 'damage'").value() ==
      1);
  const auto events_of = [&](RecordType type) {
    return database
        .query_integer(
            fmt::format("SELECT count(*) FROM log_status WHERE decoded = {}", stored_number(type)))
        .value();
  };
  CHECK(events_of(RecordType::gap) == 1);
  CHECK(events_of(RecordType::store) == 1);
}

TEST_CASE("damage met by a reader gives the store up, and the next start has its rows",
          "[spool][unit]") {
  SalvagedStore store;
  store.open().value();
  store.add(200, 300);
  store.writer->close();
  store.writer.reset();
  const auto pages = fs::file_size(store.file()) / kPage;
  overwrite_at(store.file(), (pages - 3) * kPage, std::string(30, '\x55'));

  IoQueue io;
  SpoolOptions options;
  options.writer = options_for(store.directory.path());
  auto spool = SqliteSpool::open(options, io.post(), store.log).value();
  auto reader = std::make_unique<SqliteLogReader>(spool->database_file(), io.post(), store.log);
  bool given_up = false;
  bool answered = false;
  spool->on_given_up([&](GivenUp) { given_up = true; });
  reader->on_damage([&](const Failure& damage) { spool->report_damage(damage); });
  reader->read({kAlarmClass, Seq{}, 256, ByteCount{1U << 20U}},
               [&](const LogReader::Found& records) {
                 answered = true;
                 CHECK(records.has_error());
               });
  REQUIRE(io.run_until([&] { return answered && given_up; }));

  // A store that was given up acknowledges nothing.
  auto settled = std::make_shared<SettledList>();
  spool->append(an_append(a_record(kAlarmClass, "late"), settled, 1));
  REQUIRE(io.run_until([&] { return !settled->entries.empty(); }));
  CHECK_FALSE(settled->entries.front().success);
  reader.reset();
  spool.reset();
  CHECK(fs::exists(store.file("salvage-wanted")));
  store.open().value();
  CHECK(store.writer->salvage().saved == 200);
  CHECK(store.writer->salvage().lost == 0);
  CHECK_FALSE(fs::exists(store.file("salvage-wanted")));
}

TEST_CASE("what stands in the place of a file is put aside", "[spool][unit]") {
  const auto name = GENERATE("watchpost.db", "watchpost.db-wal", "watchpost.db-shm", "lock",
                             "witness", "quarantine", "salvage-wanted", "watchpost.db.building");
  const bool is_folder = GENERATE(true, false);
  SalvagedStore store;
  if (is_folder) {
    fs::create_directories(store.file(name) / "with" / "folders");
  } else {
    fs::create_symlink("leads/nowhere", store.file(name));
  }
  store.open().value();
  store.add(1);
  CHECK(alarms_in(*store.writer) == 1);
}

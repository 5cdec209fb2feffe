// Checkpoints beside commits: which commits wait for a checkpoint, and which do not.
#include <filesystem>
#include <future>

#include "spool/sqlite_spool.hpp"
#include "spool/writer/checkpointer.hpp"
#include "sqlite/database.hpp"
#include "support/catch.hpp"
#include "support/held_disk.hpp"
#include "support/io_queue.hpp"
#include "support/recording_log.hpp"
#include "support/records.hpp"
#include "support/temp_directory.hpp"

using namespace watchpost;
using namespace watchpost::spool;
using namespace watchpost::support;

namespace {

struct CheckpointedStore {
  HeldDisk disk;
  TempDirectory directory;
  IoQueue io;
  RecordingLog log;
  std::unique_ptr<SqliteSpool> spool;
  std::shared_ptr<SettledList> settled = std::make_shared<SettledList>();
  std::uint64_t ticket = 0;

  explicit CheckpointedStore(CheckpointLimits limits) {
    SpoolOptions options;
    options.writer.directory = directory.path();
    options.writer.checkpoint = limits;
    spool = SqliteSpool::open(std::move(options), io.post(), log).value();
  }
  ~CheckpointedStore() { disk.let_go(); }

  void append(EventClass event_class, std::size_t bytes = 100) {
    spool->append(an_append(a_record(event_class, noise(bytes)), settled, ++ticket));
  }
  [[nodiscard]] bool all_settled() {
    return io.run_until([&] { return settled->entries.size() == ticket; });
  }
  [[nodiscard]] std::uintmax_t wal_size() const {
    return std::filesystem::file_size(directory.path() / "watchpost.db-wal");
  }
};

// Limits that allow a checkpoint after each commit and never make a commit wait.
constexpr CheckpointLimits kAlways{ByteCount{1}, ByteCount{1U << 30U}};

// The file of a store as its writer has it open, and a checkpointer beside it.
struct Pair {
  HeldDisk disk;
  TempDirectory directory;
  RecordingLog log;
  sqlite::Database database;
  Checkpointer checkpointer;

  enum class Checkpoints { beside, inside };
  explicit Pair(CheckpointLimits limits, Checkpoints where = Checkpoints::beside)
      : checkpointer(limits, log) {
    const auto file = directory.path() / "watchpost.db";
    database = sqlite::Database::open(file, sqlite::Database::Access::read_write_create).value();
    database.execute("PRAGMA journal_mode=WAL; CREATE TABLE t (a)").value();
    database.watch_wal();
    if (where == Checkpoints::beside) checkpointer.run_beside([] {});
    checkpointer.open(file).value();
  }
  ~Pair() { disk.let_go(); }

  // Returns the size of the WAL afterwards.
  int write_much() {
    for (int i = 0; i < 20; ++i) write();
    return database.wal_pages();
  }
  int write() {
    database.execute("INSERT INTO t VALUES (zeroblob(3000))").value();
    return database.wal_pages();
  }
};

}  // namespace

TEST_CASE("an alarm that comes during a checkpoint is settled before that ends", "[spool][unit]") {
  CheckpointedStore store(kAlways);
  store.disk.hold();
  store.append(EventClass::alarm);
  store.disk.wait_for_sync();

  for (int i = 0; i < 20; ++i) {
    store.append(i % 2 == 0 ? EventClass::alarm : EventClass::patrol);
    REQUIRE(store.all_settled());
    REQUIRE(store.settled->entries.back().success);
  }
  CHECK(store.disk.has_waiting_sync());
}

TEST_CASE("telemetry waits while a checkpoint runs, or goes with an alarm", "[spool][unit]") {
  CheckpointedStore store(kAlways);
  store.disk.hold();
  store.append(EventClass::telemetry);
  store.disk.wait_for_sync();
  REQUIRE(store.all_settled());

  for (int i = 0; i < 20; ++i) {
    const auto commits = store.spool->status().commits;
    store.append(EventClass::telemetry);
    store.append(EventClass::alarm);
    REQUIRE(store.all_settled());
    REQUIRE(store.spool->status().commits == commits + 1);
  }
  store.append(EventClass::status);
  store.disk.let_go();
  CHECK(store.all_settled());
}

TEST_CASE("a store that stops does so after the checkpoint under way", "[spool][unit]") {
  CheckpointedStore store(kAlways);
  store.disk.hold();
  store.append(EventClass::telemetry);
  store.disk.wait_for_sync();
  store.append(EventClass::telemetry);

  auto stopped = std::async(std::launch::async, [&] { store.spool->stop(); });
  CHECK(stopped.wait_for(std::chrono::milliseconds{50}) == std::future_status::timeout);
  store.disk.let_go();
  stopped.get();
  CHECK(store.all_settled());
  CHECK(store.settled->entries.back().success);
  // SQLite would have left the WAL if another connection had been open.
  CHECK_FALSE(std::filesystem::exists(store.directory.path() / "watchpost.db-wal"));
}

TEST_CASE("a damaged store is given up after the checkpoint under way", "[spool][unit]") {
  CheckpointedStore store(kAlways);
  bool given_up = false;
  store.spool->on_given_up([&](GivenUp) { given_up = true; });
  store.disk.hold();
  store.append(EventClass::telemetry);
  store.disk.wait_for_sync();
  REQUIRE(store.all_settled());

  store.spool->report_damage(sqlite::damage("a reader met it"));
  CHECK_FALSE(store.io.run_until([&] { return given_up; }, std::chrono::milliseconds{50}));
  store.disk.let_go();
  CHECK(store.io.run_until([&] { return given_up; }));
}

TEST_CASE("telemetry alone never makes the WAL much larger than a checkpoint takes to begin",
          "[spool][unit]") {
  constexpr ByteCount kBegin{200'000};
  CheckpointedStore store({kBegin, ByteCount{1U << 30U}});
  for (int i = 0; i < 300; ++i) {
    store.append(EventClass::telemetry, 8'000);
    REQUIRE(store.all_settled());
  }
  CHECK(store.wal_size() < kBegin.value + 100'000);
}

TEST_CASE("a WAL that has grown to the bound is moved before the next commit", "[spool][unit]") {
  Pair pair({ByteCount{1'000}, ByteCount{100'000}});
  pair.disk.hold();
  pair.checkpointer.after_commit(ByteCount{4'096});
  pair.disk.wait_for_sync();
  const int pages = pair.write_much();  // too late for the checkpoint that runs
  auto moved =
      std::async(std::launch::async, [&] { pair.checkpointer.after_commit(ByteCount{100'000}); });
  CHECK(moved.wait_for(std::chrono::milliseconds{50}) == std::future_status::timeout);
  pair.disk.let_go();
  moved.get();

  CHECK_FALSE(pair.checkpointer.is_running());
  CHECK(pair.write() < pages);  // SQLite began the WAL anew
}

TEST_CASE("the files are left alone once the checkpointer is closed", "[spool][unit]") {
  Pair pair(kAlways);
  pair.disk.hold();
  pair.checkpointer.after_commit(ByteCount{4'096});
  pair.disk.wait_for_sync();

  auto closed = std::async(std::launch::async, [&] { pair.checkpointer.close(); });
  CHECK(closed.wait_for(std::chrono::milliseconds{50}) == std::future_status::timeout);
  pair.disk.let_go();
  closed.get();
  CHECK_FALSE(pair.checkpointer.is_running());
}

TEST_CASE("a checkpoint that fails is a warning, and is tried again when the WAL has grown",
          "[spool][unit]") {
  Pair pair({ByteCount{10'000}, ByteCount{1U << 30U}}, Pair::Checkpoints::inside);
  const int pages = pair.write_much();
  const auto failed = [&] { return pair.log.count("moving the WAL into the database failed"); };
  pair.disk.fail(true);
  pair.checkpointer.after_commit(ByteCount{10'000});
  CHECK(failed() == 1);
  pair.checkpointer.after_commit(ByteCount{12'499});
  CHECK(failed() == 1);
  pair.checkpointer.after_commit(ByteCount{12'500});
  CHECK(failed() == 2);
  CHECK(pair.write() > pages);

  pair.disk.fail(false);
  pair.checkpointer.after_commit(ByteCount{15'000});
  CHECK(failed() == 2);
  CHECK(pair.write() < pages);
}

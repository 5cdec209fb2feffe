// A commit that the disk reports as failed, and that is in the store all the same.
#include <algorithm>
#include <future>
#include <optional>

#include "spool/queue/commit_queue.hpp"
#include "spool/writer/committer.hpp"
#include "spool/writer/writer.hpp"
#include "sqlite/database.hpp"
#include "support/catch.hpp"
#include "support/recording_log.hpp"
#include "support/recording_vfs.hpp"
#include "support/records.hpp"
#include "support/temp_directory.hpp"

using namespace watchpost;
using namespace watchpost::spool;
using namespace watchpost::support;

namespace {

// With a step of judgement, or as a message that causes none.
CommitGroup group_of(std::uint64_t step) {
  Append append;
  append.records.push_back(a_record(EventClass::alarm, "smoke"));
  if (step > 0) {
    auto alarm = std::make_shared<Alarm>();
    alarm->number = {1, AlarmSerial{step}};
    alarm->source.device = "kitchen";
    alarm->life = Life::unack;
    alarm->evidence = {{StepNumber{step}}};
    append.facts.emplace_back(SharedAlarm(std::move(alarm)));
    JudgedSteps steps;
    steps.last = StepNumber{step};
    steps.settled = StepNumber{step - 1};
    steps.evidence = {{StepNumber{step}, 0}};
    append.steps = std::make_shared<const JudgedSteps>(std::move(steps));
  }
  CommitGroup group;
  group.appends.push_back(std::move(append));
  return group;
}

struct Doubt {
  TempDirectory directory{TempDirectory::Place::memory};
  RecordingVfs vfs{directory.path() / "watchpost.db"};
  RecordingLog log;

  Doubt() { vfs.make_default(1); }
  WriterOptions options() const {
    WriterOptions options;
    options.directory = directory.path();
    return options;
  }
  // A checkpoint after each commit, on this thread.
  WriterOptions moving() const {
    WriterOptions options = this->options();
    options.checkpoint = {ByteCount{1}, ByteCount{1U << 30U}};
    return options;
  }
  // Whether SQLite took the WAL for moved, or removed it.
  bool has_dropped_wal() const {
    const auto& ops = vfs.ops();
    return std::any_of(ops.begin(), ops.end(), [](const DiskOp& op) {
      const bool is_begun = op.kind == DiskOp::Kind::write && op.offset == 0;
      return op.file == StoreFile::wal &&
             (is_begun || op.kind == DiskOp::Kind::remove || op.kind == DiskOp::Kind::truncate);
    });
  }
  bool commit(Writer& writer, std::uint64_t step) {
    auto group = group_of(step);
    return writer.commit(group).has_value();
  }
  // What is written is there, and the disk says that it is not: of the commit, and of what SQLite
  // does with the WAL when the connection is closed.
  bool fail(Writer& writer, std::uint64_t step) {
    vfs.arm({Fault::Kind::sync_error, 0, 2});
    const bool done = commit(writer, step);
    vfs.disarm();
    return !done;
  }
};

}  // namespace

TEST_CASE("what was judged in a commit that failed and is on disk all the same is read again",
          "[spool][model]") {
  Doubt disk;
  {
    Writer writer = Writer::open(disk.options(), disk.log).value();
    REQUIRE(disk.commit(writer, 1));
    REQUIRE(disk.fail(writer, 2));
    // Judgement took it back: the next step would be told what is not so.
    CHECK_FALSE(disk.commit(writer, 3));
    REQUIRE(writer.has_given_up());
    CHECK(writer.given_up_for() == GivenUp::doubtful);
    CHECK_FALSE(disk.commit(writer, 4));
  }
  Writer anew = Writer::open(disk.options(), disk.log).value();
  CHECK(anew.contents().facts.judgement.alarms.size() == 2);
  CHECK(anew.contents().facts.judgement.numbers_given == 2);
  CHECK(anew.salvage().reason.empty());
  CHECK(disk.commit(anew, 1));
}

TEST_CASE("a message that caused nothing is kept twice then, and service goes on",
          "[spool][model]") {
  Doubt disk;
  Writer writer = Writer::open(disk.options(), disk.log).value();
  REQUIRE(disk.commit(writer, 1));
  REQUIRE(disk.fail(writer, 0));
  CHECK(disk.commit(writer, 0));
  CHECK_FALSE(writer.has_given_up());
}

TEST_CASE("steps that failed and are not on disk end nothing", "[spool][model]") {
  Doubt disk;
  Writer writer = Writer::open(disk.options(), disk.log).value();
  REQUIRE(disk.commit(writer, 1));
  disk.vfs.arm({Fault::Kind::write_error, 0, 1});
  CHECK_FALSE(disk.commit(writer, 2));
  disk.vfs.disarm();
  CHECK(disk.commit(writer, 3));
  CHECK_FALSE(writer.has_given_up());
}

TEST_CASE("what is on disk all the same is found where no other commit comes", "[spool][model]") {
  Doubt disk;
  Writer writer = Writer::open(disk.options(), disk.log).value();
  REQUIRE(disk.commit(writer, 1));
  CHECK_FALSE(writer.is_in_doubt());
  REQUIRE(disk.fail(writer, 2));
  CHECK(writer.is_in_doubt());
  writer.look_at_doubt();
  CHECK_FALSE(writer.is_in_doubt());
  REQUIRE(writer.has_given_up());
  CHECK(writer.given_up_for() == GivenUp::doubtful);
}

TEST_CASE("a doubt about what is not on disk is over with the look, and commits go on",
          "[spool][model]") {
  Doubt disk;
  Writer writer = Writer::open(disk.options(), disk.log).value();
  REQUIRE(disk.commit(writer, 1));
  disk.vfs.arm({Fault::Kind::write_error, 0, 1});
  CHECK_FALSE(disk.commit(writer, 2));
  disk.vfs.disarm();
  REQUIRE(writer.is_in_doubt());
  writer.look_at_doubt();
  CHECK_FALSE(writer.is_in_doubt());
  CHECK_FALSE(writer.has_given_up());
  CHECK(disk.commit(writer, 3));
}

TEST_CASE("the spool looks at a doubt by itself", "[spool][model]") {
  Doubt disk;
  Writer writer = Writer::open(disk.options(), disk.log).value();
  REQUIRE(disk.commit(writer, 1));
  std::promise<GivenUp> found;
  CommitQueue::Options options;
  options.is_moving_wal = [] { return false; };
  CommitQueue queue{std::move(options)};
  Committer committer(std::move(writer), queue,
                      {[](const auto&) {}, [&found](GivenUp why) { found.set_value(why); }});
  disk.vfs.arm({Fault::Kind::sync_error, 0, 2});
  Append append = std::move(group_of(2).appends.front());
  REQUIRE(queue.add(append));
  committer.start();
  auto told = found.get_future();
  const bool is_told = told.wait_for(std::chrono::seconds{20}) == std::future_status::ready;
  queue.stop();
  committer.join();
  REQUIRE(is_told);
  CHECK(told.get() == GivenUp::doubtful);
}

TEST_CASE("a WAL that the disk did not take into the database stays when the store is closed",
          "[spool][model]") {
  Doubt disk;
  std::optional<Writer> writer = Writer::open(disk.options(), disk.log).value();
  REQUIRE(disk.commit(*writer, 1));
  // That of the WAL succeeds, that of the database fails, and all others would succeed.
  disk.vfs.forget_ops();
  disk.vfs.arm({Fault::Kind::sync_error, 1, 1});
  writer->close();
  writer.reset();
  CHECK(disk.vfs.struck() == 1);
  disk.vfs.disarm();
  CHECK_FALSE(disk.has_dropped_wal());
  Writer anew = Writer::open(disk.options(), disk.log).value();
  CHECK(anew.contents().facts.judgement.alarms.size() == 1);
}

// The first moves a part without a sync, since somebody still reads; the sync of the second fails,
// and the kernel drops the pages of both; a third would move the rest alone, and SQLite would begin
// the WAL anew over pages that are nowhere else.
TEST_CASE("where a checkpoint fails over pages that another one has moved, all is moved again",
          "[spool][model]") {
  const bool is_stopped = GENERATE(false, true);  // before anybody looks how the checkpoint ended
  Doubt disk;
  std::optional<Writer> writer = Writer::open(disk.moving(), disk.log).value();
  REQUIRE(disk.commit(*writer, 1));
  auto reader =
      sqlite::Database::open(writer->database_file(), sqlite::Database::Access::read_only).value();
  reader.execute("BEGIN").value();
  REQUIRE(reader.query_integer("SELECT count(*) FROM sqlite_schema").value() > 0);
  REQUIRE(disk.commit(*writer, 2));
  writer->after_commit();
  reader = sqlite::Database{};
  REQUIRE(disk.commit(*writer, 3));
  disk.vfs.arm({Fault::Kind::sync_error, 1, 1});  // of the database, behind that of the WAL
  writer->checkpointer().after_commit(ByteCount{1U << 20U});
  CHECK(disk.vfs.struck() == 1);
  disk.vfs.disarm();
  disk.vfs.forget_ops();
  if (!is_stopped) {
    writer->after_commit();
    REQUIRE(writer->has_given_up());
    CHECK(writer->given_up_for() == GivenUp::unsynced);
    CHECK(disk.log.count("Nothing is lost: the WAL still has all of it") == 1);
    CHECK_FALSE(disk.commit(*writer, 4));
  }
  writer->close();
  writer.reset();
  CHECK_FALSE(disk.has_dropped_wal());
  Writer anew = Writer::open(disk.moving(), disk.log).value();
  CHECK(anew.contents().facts.judgement.alarms.size() == 3);
  CHECK(anew.salvage().reason.empty());
  CHECK(disk.commit(anew, 1));
}

TEST_CASE("a checkpoint that fails over nothing else is tried again, and service goes on",
          "[spool][model]") {
  Doubt disk;
  Writer writer = Writer::open(disk.moving(), disk.log).value();
  REQUIRE(disk.commit(writer, 1));
  disk.vfs.arm({Fault::Kind::sync_error, 1, 1});
  writer.after_commit();
  CHECK(disk.vfs.struck() == 1);
  disk.vfs.disarm();
  CHECK_FALSE(writer.has_given_up());
  CHECK(disk.commit(writer, 2));
  writer.after_commit();
  CHECK_FALSE(writer.has_given_up());
}

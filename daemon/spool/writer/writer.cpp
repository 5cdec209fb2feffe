#include "spool/writer/writer.hpp"

#include <algorithm>
#include <cstdlib>

#include "base/clock.hpp"
#include "base/invariant.hpp"
#include "spool/room/disk.hpp"

namespace watchpost::spool {
namespace {

// Rows one commit may remove besides what it adds: the log shrinks while it grows, without a burst.
constexpr std::uint64_t kRemovalsPerCommit = 16;
constexpr std::uint64_t kRemovalsPerIdleStep = 512;

Moment system_moment() {
  const ClockReading now = read_clock(SystemClock());
  return {now.wall, now.quality};
}

Failure given_up() {
  return Failure{Failure::Kind::unavailable, "The store is damaged and is being saved",
                 "Nothing needs to be done, service resumes by itself"};
}

bool is_urgent(const Append& append) {
  return class_of(append) <= EventClass::patrol;
}

}  // namespace

Writer::Writer(WriterOptions options, Log& log, StoreDirectory directory)
    : options_(std::move(options)),
      log_(&log),
      directory_(std::move(directory)),
      file_(directory_.database_file()),
      checkpointer_(std::make_unique<Checkpointer>(options_.checkpoint, log)) {
  options_.space = options_.space.sane();
  if (!options_.now) options_.now = system_moment;
  directory_.take_reserve(options_.disk_reserve.value);
}

Result<Writer> Writer::open(WriterOptions options, Log& log) {
  auto directory = StoreDirectory::open(options.directory);
  if (!directory) return directory.error();
  Writer writer(std::move(options), log, std::move(*directory));
  auto opened = writer.open_or_salvage();
  if (!opened) return opened.error();
  return writer;
}

Result<void> Writer::commit(Batch& batch) {
  if (has_given_up_) return given_up();
  auto written = write_as_it_can(batch);
  if (written && !directory_.has_files()) return give_up_replaced();
  if (written) {
    testify();
    note_success(batch);
  }
  return written;
}

Result<void> Writer::write_as_it_can(Batch& batch) {
  if (!is_open_) {
    // The last commit failed: nothing in memory may be trusted before it was read again.
    if (auto reopened = reopen(); !reopened) return fail(batch, reopened.error());
    if (auto done = catch_up(batch.notes); !done) {
      return sqlite::is_full(done.error()) ? write_urgent_alone(batch) : done;
    }
  }
  auto written = write(batch);
  if (written) return written;
  const Failure failure = written.error();
  recover_from(failure);
  // Only room is lacking: alarms and patrols must not be refused with the rest.
  if (sqlite::is_full(failure)) return write_urgent_alone(batch);
  note_failure(failure);
  return written;
}

// What is known in memory is what is on disk: on failure it is as if the batch had never been.
Result<void> Writer::write(Batch& batch) {
  const auto logs = logs_;
  const auto set_aside = set_aside_;
  const auto dropped = dropped_;
  drops_.clear();
  drops_written_ = 0;
  auto written = write_transaction(batch);
  if (!written) {
    logs_ = logs;
    set_aside_ = set_aside;
    dropped_ = dropped;
    return written;
  }
  apply(batch.notes.cursors);
  note_room(batch);
  // Committed is committed, also where the size cannot be read.
  if (auto measured = measure(); !measured) log_->warning("{}", measured.error().sentence());
  return written;
}

Result<void> Writer::write_transaction(Batch& batch) {
  if (auto done = statements_.begin.run(); !done) return done;
  if (auto done = make_space(batch); !done) return done;
  if (auto done = admit(batch); !done) return done;
  std::uint64_t added = 0;
  for (Append& append : batch.appends) {
    if (append.refusal) continue;
    added += append.records.size();
    if (auto done = write(append); !done) return done;
  }
  // Taken back first: what is set aside again in the same breath stays.
  for (const TakeBack& taken : batch.notes.taken_back) {
    if (auto done = write(taken); !done) return done;
  }
  for (const SetAsideCopy& copy : batch.notes.set_aside) {
    if (auto done = write(copy); !done) return done;
  }
  // Before the cursors: what they pass counts as settled, and nothing settled is lost.
  for (const Loss& loss : batch.notes.losses) {
    if (auto done = write(loss); !done) return done;
    if (auto done = write_drops(); !done) return done;
  }
  if (auto done = write(batch.notes.cursors); !done) return done;
  if (auto done = trim_history(2 * added + kRemovalsPerCommit); !done) return done;
  if (auto done = write_drops(); !done) return done;
  return statements_.commit.run();
}

// The disk is full below the quota. What was written of the batch is not in the store: that was
// read again. Only alarms, patrols and session facts are tried again, in pages that others leave
// and in what the reserve holds for them.
Result<void> Writer::write_urgent_alone(Batch& batch) {
  const auto known = logs_;
  const Failure full = refuse(batch, [](const Append& append) { return !is_urgent(append); });
  if (std::none_of(batch.appends.begin(), batch.appends.end(), is_urgent)) {
    note_room(batch);
    return full;
  }
  if (directory_.reserve().release()) {
    log_->warning("The disk is full: a part of {} is given up so that alarms are kept. {}",
                  directory_.reserve_file().string(), full.remedy);
  }
  if (auto reopened = reopen(); !reopened) return fail(batch, reopened.error());
  for (const auto event_class : kEventClasses) {
    const auto i = index_of(event_class);
    // The commit was on disk after all: trying again would keep everything twice.
    if (logs_[i].newest > known[i].newest) return full;
  }
  if (auto moved = database_.checkpoint(sqlite::Database::Checkpoint::passive); !moved) {
    log_->debug("{}", moved.error().sentence());
  }
  is_squeezed_ = true;
  auto written = write(batch);
  is_squeezed_ = false;
  if (written) return written;
  recover_from(written.error());
  return fail(batch, written.error());
}

// Nothing can be written: for want of room, or because the store cannot be used.
Failure Writer::fail(Batch& batch, const Failure& why) {
  if (has_given_up_ || !sqlite::is_full(why)) {
    note_failure(why);
    return why;
  }
  const Failure full = refuse(batch, [](const Append& append) { return !append.records.empty(); });
  note_room(batch);
  return full;
}

// SQLite says only that it is full: by the disk, or by the size it was allowed.
Failure Writer::refuse(Batch& batch, const std::function<bool(const Append&)>& which) {
  const bool by_disk = disk_of(options_.directory).is_low() ||
                       used_.value < options_.space.ceiling(EventClass::telemetry).value;
  const auto cause = by_disk ? Shortage::Cause::disk : Shortage::Cause::quota;
  auto lowest = EventClass::alarm;
  for (const Append& append : batch.appends) {
    if (which(append)) lowest = std::max(lowest, class_of(append));
  }
  const Failure full = no_room_for(lowest, cause);
  for (Append& append : batch.appends) {
    if (!append.refusal && which(append)) append.refusal = full;
  }
  return full;
}

Result<void> Writer::reopen() {
  // Opening would begin a new database there, and throw away what is left of the old one's WAL.
  if (!directory_.has_database()) return give_up_replaced();
  const Epoch epoch = epoch_;
  const auto known = logs_;
  auto reopened = open_database();
  // Opening moves the WAL into the database, which takes room.
  while (!reopened && sqlite::is_full(reopened.error()) && directory_.reserve().release()) {
    reopened = open_database();
  }
  if (!reopened && !sqlite::is_damage(reopened.error())) return reopened;
  bool is_ours = reopened && epoch_ == epoch;
  for (const auto event_class : kEventClasses) {
    const auto i = index_of(event_class);
    is_ours = is_ours && logs_[i].newest >= known[i].newest;
  }
  if (is_ours) return {};
  if (!reopened) return give_up(reopened.error()), reopened;
  return give_up_replaced();
}

// Going on would give ids of the old epoch to new records, or acknowledge what is in no file.
// Whoever reads and forwards must begin with what is there now too.
Failure Writer::give_up_replaced() {
  log_->error(
      "The store in {} is not the one the daemon began with: its files were removed or replaced, "
      "or its filesystem is not mounted. The daemon begins anew with what is there",
      options_.directory.string());
  has_given_up_ = true;
  database_.checkpoint_when_closed(false);
  close_database();
  return given_up();
}

// A batch that fails takes its cursor moves with it, and batches of a full store all fail: so what
// the upstreams have by now goes first, and what that settles is removed.
Result<void> Writer::catch_up(const Notes& notes) {
  if (auto moved = database_.checkpoint(sqlite::Database::Checkpoint::passive); !moved) {
    log_->debug("{}", moved.error().sentence());
  }
  auto done = statements_.begin.run();
  if (done) done = write(notes.cursors);
  if (done) done = statements_.commit.run();
  if (!done) {
    recover_from(done.error());
    if (!sqlite::is_full(done.error())) note_failure(done.error());
    return done;
  }
  apply(notes.cursors);
  if (!remove_some() && !is_open_) {
    return Failure{Failure::Kind::storage, "The store could not remove settled records",
                   "The log says why; it is tried again by itself"};
  }
  return {};
}

bool Writer::remove_some() {
  if (!is_open_ || checkpointer_->is_running()) return false;
  if (used_ <= options_.space.history || !next_settled(logs_, 1)) return false;
  const auto before = logs_;
  auto done = statements_.begin.run();
  if (done) done = trim_history(kRemovalsPerIdleStep);
  if (done) done = statements_.commit.run();
  if (done) done = measure();
  if (!done) {
    logs_ = before;
    recover_from(done.error());
    note_failure(done.error());
    return false;
  }
  return true;
}

void Writer::after_commit() {
  directory_.reserve().refill();
  if (!is_open_) return;
  checkpointer_->after_commit(
      ByteCount{static_cast<std::uint64_t>(database_.wal_pages()) * page_size_});
}

void Writer::close() {
  if (!is_open_) return;
  checkpointer_->close();  // a connection would keep the WAL from being removed
  if (auto moved = database_.checkpoint(sqlite::Database::Checkpoint::truncate); !moved) {
    log_->warning("{}", moved.error().sentence());
  }
  close_database();
}

// The checkpointer first: from here on files are moved, mended or read again.
void Writer::close_database() {
  checkpointer_->close();
  statements_ = Prepared{};
  database_ = sqlite::Database{};
  is_open_ = false;
}

void Writer::testify() {
  Testimony testimony{epoch_, {}};
  for (const auto event_class : kEventClasses) {
    testimony.newest[index_of(event_class)] = logs_[index_of(event_class)].newest;
  }
  witness_.note(testimony);
}

// After a failed COMMIT or sync the page cache may not be what is on disk: never go on with it.
void Writer::recover_from(const Failure& failure) {
  log_->debug("Rolling back after: {}", failure.what);
  if (auto undone = statements_.rollback.run(); !undone) {
    log_->debug("Rolling back: {}", undone.error().what);
  }
  if (sqlite::is_damage(failure)) return give_up(failure);
  close_database();
}

void Writer::note_failure(const Failure& failure) {
  if (std::exchange(failing_, failure.remedy) == failing_) return;
  log_->error("A commit failed, nothing in it was acknowledged: {}", failure.sentence());
}

void Writer::note_success(const Batch& batch) {
  if (failing_.empty() || !batch.keeps_something()) return;
  failing_.clear();
  log_->info("Commits succeed again: messages are kept and acknowledged");
}

}  // namespace watchpost::spool

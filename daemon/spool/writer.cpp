#include "spool/writer.hpp"

#include <algorithm>
#include <cstdlib>
#include <limits>

#include "base/invariant.hpp"
#include "spool/log_row.hpp"
#include "spool/statements.hpp"

namespace watchpost::spool {
namespace {

// A checkpoint of 1,000 pages takes under 21 ms on the reference machine, one of 16,000 up to 210
// ms.
constexpr std::int64_t kCheckpointBytes = 4LL << 20;
// Rows one commit may remove besides what it adds: the log shrinks while it grows, without a burst.
constexpr std::uint64_t kRemovalsPerCommit = 16;
constexpr std::uint64_t kRemovalsPerIdleStep = 512;

// History must leave room, or a full store could never remove anything.
ByteCount history_within(ByteCount history, ByteCount quota) {
  return std::min(history, ByteCount{quota.value / 10 * 9});
}

}  // namespace

bool Batch::keeps_something() const {
  return std::any_of(appends.begin(), appends.end(), [](const Append& append) {
    return !append.records.empty() || !append.sessions.empty();
  });
}

Writer::Writer(WriterOptions options, Log& log, StoreDirectory directory)
    : options_(std::move(options)),
      log_(&log),
      directory_(std::move(directory)),
      file_(directory_.database_file()) {
  options_.history = history_within(options_.history, options_.quota);
}

Result<Writer> Writer::open(WriterOptions options, Log& log) {
  auto directory = StoreDirectory::open(options.directory);
  if (!directory) return directory.error();
  Writer writer(std::move(options), log, std::move(*directory));
  auto opened = writer.open_or_quarantine();
  if (!opened) return opened.error();
  return writer;
}

Result<void> Writer::commit(Batch& batch) {
  if (!is_open_) {
    // The last commit failed: nothing in memory may be trusted before it was read again.
    if (auto reopened = reopen(); !reopened) {
      note_failure(reopened.error());
      return reopened;
    }
    if (auto done = make_room(batch.cursors); !done) return done;
  }
  auto written = write(batch);
  if (written) {
    note_success(batch);
  } else {
    recover_from(written.error());
  }
  return written;
}

Result<void> Writer::reopen() {
  const Epoch epoch = epoch_;
  const auto known = logs_;
  auto reopened = open_database();
  if (!reopened && !sqlite::is_damage(reopened.error())) return reopened;
  bool is_ours = reopened && epoch_ == epoch;
  for (const auto event_class : kEventClasses) {
    const auto i = index_of(event_class);
    is_ours = is_ours && logs_[i].newest >= known[i].newest;
  }
  if (is_ours) return {};
  // Going on would give ids of the old epoch to new records. Whoever reads and forwards must begin
  // with the new store's epoch too, so the process does.
  if (reopened) {
    log_->error(
        "The store in {} is not the one the daemon began with: its files were removed or replaced, "
        "or its filesystem is not mounted. The daemon stops and starts again with what is there",
        options_.directory.string());
  } else {
    log_->error("{}. The daemon stops and starts again with it", reopened.error().sentence());
  }
  std::_Exit(EXIT_FAILURE);
}

// A batch that fails takes its cursor moves with it, and batches of a full store all fail: so what
// the upstreams have by now goes first, and what that settles is removed.
Result<void> Writer::make_room(const std::vector<CursorMove>& moves) {
  if (auto moved = database_.checkpoint(sqlite::Database::Checkpoint::passive); !moved) {
    log_->debug("{}", moved.error().sentence());
  }
  auto done = statements_.begin.run();
  if (done) done = write(moves);
  if (done) done = statements_.commit.run();
  if (!done) {
    recover_from(done.error());
    return done;
  }
  apply(moves);
  if (!remove_some() && !is_open_) {
    return Failure{Failure::Kind::storage, "The store could not remove settled records",
                   "The log says why; it is tried again by itself"};
  }
  return {};
}

Result<void> Writer::write(Batch& batch) {
  const auto before = logs_;
  if (auto begun = statements_.begin.run(); !begun) return begun;
  std::uint64_t added = 0;
  for (Append& append : batch.appends) {
    for (Record& record : append.records) {
      LogExtent& log = logs_[index_of(record.event_class)];
      record.seq = log.newest.next();
      sqlite::Statement& insert = statements_.insert[index_of(record.event_class)];
      bind_row(insert, record);
      if (auto inserted = insert.run(); !inserted) return logs_ = before, inserted;
      log.newest = record.seq;
      if (log.oldest == Seq{}) log.oldest = record.seq;
      ++added;
    }
    for (const SessionChange& change : append.sessions) {
      if (auto changed = write(change); !changed) return logs_ = before, changed;
    }
  }
  if (auto saved = write(batch.cursors); !saved) return logs_ = before, saved;
  if (auto removed = remove_settled(2 * added + kRemovalsPerCommit); !removed) {
    return logs_ = before, removed;
  }
  if (auto committed = statements_.commit.run(); !committed) return logs_ = before, committed;
  apply(batch.cursors);
  // Committed is committed, also where the size cannot be read.
  if (auto measured = measure(); !measured) log_->warning("{}", measured.error().sentence());
  return {};
}

Result<void> Writer::write(const std::vector<CursorMove>& moves) {
  for (const CursorMove& move : moves) {
    statements_.save_cursor.bind(1, move.upstream);
    statements_.save_cursor.bind(2, static_cast<std::int64_t>(index_of(move.event_class)));
    statements_.save_cursor.bind(3, static_cast<std::int64_t>(move.settled.value));
    if (auto saved = statements_.save_cursor.run(); !saved) return saved;
  }
  return {};
}

// Of moves that are committed.
void Writer::apply(const std::vector<CursorMove>& moves) {
  for (const CursorMove& move : moves) {
    Seq& settled = cursors_[move.upstream][index_of(move.event_class)];
    settled = std::max(settled, move.settled);
  }
  refresh_settled();
}

Result<void> Writer::write(const SessionChange& change) {
  switch (change.kind) {
    case SessionChange::Kind::open:
      statements_.open_session.bind(1, change.client_id);
      statements_.open_session.bind(2, static_cast<std::int64_t>(change.expiry.count()));
      return statements_.open_session.run();
    case SessionChange::Kind::remember_packet_id:
      statements_.remember_packet_id.bind(1, change.client_id);
      statements_.remember_packet_id.bind(2, std::int64_t{change.packet_id.value});
      return statements_.remember_packet_id.run();
    case SessionChange::Kind::forget_packet_id:
      statements_.forget_packet_id.bind(1, change.client_id);
      statements_.forget_packet_id.bind(2, std::int64_t{change.packet_id.value});
      return statements_.forget_packet_id.run();
    case SessionChange::Kind::end:
      statements_.end_session.bind(1, change.client_id);
      statements_.forget_packet_ids.bind(1, change.client_id);
      if (auto ended = statements_.end_session.run(); !ended) return ended;
      return statements_.forget_packet_ids.run();
  }
  return {};
}

Result<void> Writer::remove_settled(std::uint64_t budget) {
  const auto step = next_removal(logs_, store_size_, options_.history, budget);
  if (!step) return {};
  sqlite::Statement& remove = statements_.remove[index_of(step->event_class)];
  remove.bind(1, static_cast<std::int64_t>(step->first.value));
  remove.bind(2, static_cast<std::int64_t>(step->end.value));
  if (auto removed = remove.run(); !removed) return removed;
  logs_[index_of(step->event_class)].oldest = step->end;
  return {};
}

bool Writer::remove_some() {
  if (!is_open_ || !next_removal(logs_, store_size_, options_.history, 1)) return false;
  const auto before = logs_;
  auto done = statements_.begin.run();
  if (done) done = remove_settled(kRemovalsPerIdleStep);
  if (done) done = statements_.commit.run();
  if (done) done = measure();
  if (!done) {
    logs_ = before;
    recover_from(done.error());
    return false;
  }
  return true;
}

void Writer::after_commit() {
  if (!is_open_ || database_.wal_pages() * page_size_ < kCheckpointBytes) return;
  if (auto moved = database_.checkpoint(sqlite::Database::Checkpoint::passive); !moved) {
    log_->warning("{}", moved.error().sentence());
  }
}

void Writer::close() {
  if (!is_open_) return;
  if (auto moved = database_.checkpoint(sqlite::Database::Checkpoint::truncate); !moved) {
    log_->warning("{}", moved.error().sentence());
  }
  statements_ = Statements{};
  database_ = sqlite::Database{};
  is_open_ = false;
}

// After a failed COMMIT or sync the page cache may not be what is on disk: never go on with it.
void Writer::recover_from(const Failure& failure) {
  note_failure(failure);
  if (auto undone = statements_.rollback.run(); !undone) {
    log_->debug("Rolling back: {}", undone.error().what);
  }
  statements_ = Statements{};
  database_ = sqlite::Database{};
  is_open_ = false;
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

// What every required upstream has acknowledged; without any, everything is settled at once.
void Writer::refresh_settled() {
  for (const auto event_class : kEventClasses) {
    Seq settled{std::numeric_limits<std::int64_t>::max()};
    for (const std::string& upstream : options_.required_upstreams) {
      settled = std::min(settled, cursors_[upstream][index_of(event_class)]);
    }
    logs_[index_of(event_class)].settled = settled;
  }
}

Result<void> Writer::measure() {
  auto pages = statements_.page_count.step();
  if (!pages) return pages.error();
  const auto page_count = statements_.page_count.integer(0);
  statements_.page_count.reset();
  auto free = statements_.free_pages.step();
  if (!free) return free.error();
  const auto free_pages = statements_.free_pages.integer(0);
  statements_.free_pages.reset();
  store_size_ = ByteCount{static_cast<std::uint64_t>((page_count - free_pages) * page_size_)};
  return {};
}

}  // namespace watchpost::spool

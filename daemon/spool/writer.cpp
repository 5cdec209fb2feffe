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

}  // namespace

Writer::Writer(WriterOptions options, Log& log, StoreDirectory directory)
    : options_(std::move(options)),
      log_(&log),
      directory_(std::move(directory)),
      file_(directory_.database_file()) {}

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
    auto reopened = open_database();
    if (!reopened && is_damage(reopened.error())) {
      // A new store means a new epoch, which whoever reads and forwards must begin with too.
      log_->error("{}. The daemon stops and starts again with it", reopened.error().sentence());
      std::_Exit(EXIT_FAILURE);
    }
    if (!reopened) return reopened.error();
  }
  auto written = write(batch);
  if (written) return written;
  recover_from(written.error());
  return written;
}

Result<void> Writer::write(Batch& batch) {
  const auto before = logs_;
  if (auto begun = statements_.begin.run(); !begun) return begun;
  std::uint64_t added = 0;
  for (Append& append : batch.appends) {
    for (Record& record : append.records) {
      LogExtent& log = logs_[index_of(record.event_class)];
      record.seq = log.newest.next();
      Statement& insert = statements_.insert[index_of(record.event_class)];
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
  for (const CursorMove& move : batch.cursors) {
    statements_.save_cursor.bind(1, move.upstream);
    statements_.save_cursor.bind(2, static_cast<std::int64_t>(index_of(move.event_class)));
    statements_.save_cursor.bind(3, static_cast<std::int64_t>(move.settled.value));
    if (auto saved = statements_.save_cursor.run(); !saved) return logs_ = before, saved;
  }
  if (auto removed = remove_settled(2 * added + kRemovalsPerCommit); !removed) {
    return logs_ = before, removed;
  }
  if (auto committed = statements_.commit.run(); !committed) return logs_ = before, committed;
  for (const CursorMove& move : batch.cursors) {
    Seq& settled = cursors_[move.upstream][index_of(move.event_class)];
    settled = std::max(settled, move.settled);
  }
  refresh_settled();
  return measure();
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
  Statement& remove = statements_.remove[index_of(step->event_class)];
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
  std::error_code ignored;
  const auto wal_bytes = std::filesystem::file_size(file_.string() + "-wal", ignored);
  if (ignored || static_cast<std::int64_t>(wal_bytes) < kCheckpointBytes) return;
  if (auto moved = database_.checkpoint(Database::Checkpoint::passive); !moved) {
    log_->warning("{}", moved.error().sentence());
  }
}

void Writer::close() {
  if (!is_open_) return;
  if (auto moved = database_.checkpoint(Database::Checkpoint::truncate); !moved) {
    log_->warning("{}", moved.error().sentence());
  }
  statements_ = Statements{};
  database_ = Database{};
  is_open_ = false;
}

// After a failed COMMIT or sync the page cache may not be what is on disk: never go on with it.
void Writer::recover_from(const Failure& failure) {
  log_->error("A commit failed, nothing in it was acknowledged: {}", failure.sentence());
  if (auto undone = statements_.rollback.run(); !undone) {
    log_->debug("Rolling back: {}", undone.error().what);
  }
  statements_ = Statements{};
  database_ = Database{};
  is_open_ = false;
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

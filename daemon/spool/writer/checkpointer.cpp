#include "spool/writer/checkpointer.hpp"

#include <utility>

#include "base/invariant.hpp"
#include "spool/tables/pragmas.hpp"

namespace watchpost::spool {

Checkpointer::~Checkpointer() {
  close();
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Checkpointer::run_beside(std::function<void()> done) {
  done_ = std::move(done);
  thread_ = std::thread([this] { run(); });
}

Result<void> Checkpointer::open(const std::filesystem::path& file) {
  // Never made anew: where the file is gone, commits are to notice.
  auto database = sqlite::Database::open(file, sqlite::Database::Access::read_write);
  if (!database) return database.error();
  // Closing must leave the files as they are, also as the last connection.
  database->checkpoint_when_closed(false);
  if (auto done = database->execute(sql::kConfigureCheckpointer); !done) return done;
  const auto synchronous = database->query_integer(sql::kSynchronous);
  if (!synchronous) return synchronous.error();
  WATCHPOST_INVARIANT(*synchronous == 2);  // FULL: a checkpoint syncs the WAL and the database
  // SQLite opens the WAL with the first reading, and moves nothing before.
  if (auto read = database->query_integer(sql::kUserVersion); !read) return read.error();
  database_ = std::move(*database);
  next_at_ = limits_.begin;
  return {};
}

void Checkpointer::close() {
  wait();
  database_ = sqlite::Database{};
}

void Checkpointer::after_commit(ByteCount in_wal) {
  if (in_wal < limits_.begin) next_at_ = limits_.begin;
  // The WAL has begun anew, so all of the one before was moved and synced.
  if (in_wal < limits_.begin && !is_running_) may_be_unsynced_ = false;
  if (in_wal < next_at_ || has_lost_pages_) return;
  const bool must_end = in_wal >= limits_.most;
  if (must_end) wait();  // one under way began before this commit
  if (is_running_) return;
  next_at_ = ByteCount{in_wal.value + limits_.begin.value / 4};
  start();
  if (must_end) wait();
}

void Checkpointer::start() {
  if (!thread_.joinable()) {
    is_running_ = true;
    checkpoint();
    is_running_ = false;
    return;
  }
  {
    const std::lock_guard lock(mutex_);
    is_running_ = true;
  }
  changed_.notify_all();
}

void Checkpointer::wait() {
  // A commit inside a checkpoint on the same thread would wait for itself.
  WATCHPOST_INVARIANT(thread_.joinable() || !is_running_);
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return !is_running_; });
}

void Checkpointer::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return is_running_ || is_stopping_; });
    if (is_stopping_) return;  // close() has waited
    lock.unlock();
    checkpoint();
    lock.lock();
    is_running_ = false;
    changed_.notify_all();
    lock.unlock();
    done_();
    lock.lock();
  }
}

void Checkpointer::checkpoint() {
  const auto moved = database_.checkpoint(sqlite::Database::Checkpoint::passive);
  if (!moved) log_->warning("{}", moved.error().sentence());
  // One for want of room has failed before its sync.
  if (!moved && may_be_unsynced_ && !sqlite::is_full(moved.error())) has_lost_pages_ = true;
  if (moved) may_be_unsynced_ = true;
}

}  // namespace watchpost::spool

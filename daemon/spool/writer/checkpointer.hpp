// Checkpointer: moves the WAL into the database beside the commits, on a connection of its own.
// Why: a checkpoint copies pages and syncs both files. On the connection that commits, an alarm
// that comes then would wait for all of that (decision 0016).
// Promise: a checkpoint is synced as SQLite's own are, so a WAL begins anew only over what is in
// the database. Once close() has returned nothing here touches the files any more. One that fails
// is a warning, and the last one where pages may be lost (has_lost_pages()). Where the WAL cannot
// begin anew (a failure, a reader, commits meanwhile) it is tried again when the WAL has grown by a
// quarter of what it takes to begin. Calls come from the thread that commits.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <mutex>
#include <thread>

#include "base/log.hpp"
#include "base/strong.hpp"
#include "sqlite/database.hpp"

namespace watchpost::spool {

struct CheckpointLimits {
  // At this size of the WAL a checkpoint begins. 1,000 pages take under 21 ms on the reference
  // machine, 16,000 up to 210 ms.
  ByteCount begin{4ULL << 20U};
  // Commits that come meanwhile keep SQLite from beginning the WAL anew. From here on they wait.
  ByteCount most{16ULL << 20U};
};

class Checkpointer {
 public:
  Checkpointer(CheckpointLimits limits, Log& log) : limits_(limits), log_(&log) {}
  ~Checkpointer();

  // Checkpoints get a thread, which calls `done` after each; without, they run inside
  // after_commit(), so that tests can make them again. Before the first commit.
  void run_beside(std::function<void()> done);

  // The store as the committing connection has it open, with its WAL in use.
  [[nodiscard]] Result<void> open(const std::filesystem::path& file);
  // Waits for the checkpoint under way. The files are as it leaves them.
  void close();

  // Begins a checkpoint where the WAL has grown large enough.
  void after_commit(ByteCount in_wal);
  // SQLite syncs the database only where no commit came meanwhile, and takes what it moved for
  // moved. A sync that fails later drops those pages too (the kernel forgets what it could not
  // write), and none after it would move them again. From then on nothing is moved: the WAL has all
  // of it, for who opens the store anew with no other connection.
  [[nodiscard]] bool has_lost_pages() const { return has_lost_pages_; }
  // Commits that can wait should: only when none comes does the WAL begin anew.
  [[nodiscard]] bool is_running() const { return is_running_; }

 private:
  void start();
  void wait();
  void run();         // its thread
  void checkpoint();  // its thread

  CheckpointLimits limits_;
  Log* log_;
  ByteCount next_at_;  // while the WAL does not begin anew
  std::function<void()> done_;
  sqlite::Database database_;  // of its thread while is_running_, else of the caller's
  std::mutex mutex_;
  std::condition_variable changed_;
  // Something was moved since the WAL began anew. Of its thread while is_running_, else the
  // caller's.
  bool may_be_unsynced_ = false;
  std::atomic<bool> has_lost_pages_ = false;
  std::atomic<bool> is_running_ = false;  // changed under mutex_
  bool is_stopping_ = false;              // guarded by mutex_
  std::thread thread_;
};

}  // namespace watchpost::spool

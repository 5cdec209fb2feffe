// HeldDisk: SQLite's own file layer as the default VFS, except that syncs of the database file wait
// while the disk is held, and may be made to fail. Syncs of the WAL do not wait.
// Promise: nothing but such syncs differs. Any thread. Only one HeldDisk may exist at a time, and
// it must outlive all that was opened through it.
// outlives what was opened through it.
#pragma once

#include <sqlite3.h>

#include <condition_variable>
#include <mutex>

namespace watchpost::support {

class HeldDisk {
 public:
  HeldDisk();
  HeldDisk(const HeldDisk&) = delete;
  HeldDisk& operator=(const HeldDisk&) = delete;
  ~HeldDisk();

  void hold();
  // Returns when a sync waits.
  void wait_for_sync();
  [[nodiscard]] bool has_waiting_sync() const;
  void let_go();
  void fail(bool failing);

 private:
  static void watch(sqlite3_file* database);
  [[nodiscard]] bool before_sync();

  sqlite3_vfs* system_;
  sqlite3_vfs vfs_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool is_held_ = false;
  bool fails_ = false;
  int waiting_ = 0;
};

}  // namespace watchpost::support

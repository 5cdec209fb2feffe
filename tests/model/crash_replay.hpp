// CrashReplay: one recorded run, and every crash in it, each rebuilt and opened by the real store.
// Promise: a crash that breaks custody is named so that it can be made again alone.
// One thread; the default VFS of SQLite is its own while it lives.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "model/crash_image.hpp"
#include "model/crash_outcome.hpp"
#include "model/store_run.hpp"
#include "support/recording_vfs.hpp"
#include "support/temp_directory.hpp"

namespace watchpost::model {

// Which of the crashes of a run.
struct CrashPoint {
  std::size_t done = 0;  // operations before the crash
  CrashVariant variant = CrashVariant::kept;
  unsigned nth = 0;  // several reorderings of one moment

  friend bool operator==(const CrashPoint&, const CrashPoint&) = default;
};
[[nodiscard]] std::string to_string(const CrashPoint& point);

class CrashReplay {
 public:
  explicit CrashReplay(RunOptions options);

  // Makes the run. Empty, or what was wrong before any crash.
  [[nodiscard]] std::string record();
  // Goes through the crashes that are wanted, at most `most` of them. Empty, or the first that
  // broke a rule.
  using Wanted = std::function<bool(const CrashPoint& point)>;
  [[nodiscard]] std::string replay(std::size_t most, const Wanted& wanted);

  [[nodiscard]] std::size_t points() const { return points_; }
  [[nodiscard]] const std::vector<DiskOp>& operations() const { return vfs_.ops(); }
  [[nodiscard]] const support::RecordingVfs& vfs() const { return vfs_; }
  [[nodiscard]] std::size_t failed_commits() const { return run_->failed_commits(); }
  [[nodiscard]] std::size_t risen() const { return run_->risen(); }
  [[nodiscard]] std::size_t commits_inside() const { return run_->commits_inside(); }

 private:
  [[nodiscard]] std::string crash(const CrashPoint& point);
  [[nodiscard]] std::string check(const CrashPoint& point);
  [[nodiscard]] std::string check_contents(const Stage& stage, const CrashPoint& point);
  [[nodiscard]] std::string check_append(const Stage& stage, const CrashPoint& point);
  [[nodiscard]] const Stage& stage_at(std::size_t done);
  void put_witness(const CrashPoint& point);
  [[nodiscard]] std::string describe(const CrashPoint& point, const std::string& broken);

  RunOptions options_;
  support::TempDirectory run_directory_{support::TempDirectory::Place::memory};
  support::RecordingVfs vfs_;
  std::unique_ptr<StoreRun> run_;

  support::TempDirectory directory_{support::TempDirectory::Place::memory};
  std::filesystem::path file_;
  support::RecordingVfs recovery_;
  CrashDisk disk_;
  CrashImage image_;
  Traffic traffic_;
  std::optional<spool::Writer> writer_;
  std::size_t stage_ = 0;
  std::size_t points_ = 0;
};

}  // namespace watchpost::model

// CrashReplay: rebuilds every crash of one recorded run, and opens the store of each with the real
// Writer.
// Promise: the report of a crash that breaks custody names it in such a way that it can be repeated
// alone.
// One thread. While a CrashReplay lives, its VFS is the default VFS of SQLite.
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

// One crash of a run.
struct CrashPoint {
  std::size_t done = 0;  // number of operations before the crash
  CrashVariant variant = CrashVariant::kept;
  unsigned nth = 0;  // one of several reorderings of the same moment

  friend bool operator==(const CrashPoint&, const CrashPoint&) = default;
};
[[nodiscard]] std::string to_string(const CrashPoint& point);

class CrashReplay {
 public:
  explicit CrashReplay(RunOptions options);

  // Records the run. Returns an empty text, or what was wrong before any crash.
  [[nodiscard]] std::string record();
  // Tries at most `most` of the crashes that `wanted` accepts. Returns an empty text, or the first
  // crash that broke a rule.
  using Wanted = std::function<bool(const CrashPoint& point)>;
  [[nodiscard]] std::string replay(std::size_t most, const Wanted& wanted);

  [[nodiscard]] std::size_t points() const { return points_; }
  [[nodiscard]] const std::vector<DiskOp>& operations() const { return vfs_.ops(); }
  [[nodiscard]] const support::RecordingVfs& vfs() const { return vfs_; }
  [[nodiscard]] std::size_t failed_commits() const { return run_->failed_commits(); }
  [[nodiscard]] std::size_t risen() const { return run_->risen(); }
  [[nodiscard]] std::size_t commits_inside() const { return run_->commits_inside(); }
  [[nodiscard]] const Village& village() const { return run_->village(); }

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

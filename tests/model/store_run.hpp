// StoreRun: the real Writer under random traffic, restarts, crashes and faults, made again by seed.
// Promise: checks at each step that what the Writer says is what the store holds and what the rules
// allow; remembers for each moment between two disk operations which contents are allowed.
// One thread.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "model/crash_outcome.hpp"
#include "model/store_rules.hpp"
#include "model/traffic.hpp"
#include "spool/writer/writer.hpp"
#include "support/recording_log.hpp"
#include "support/recording_vfs.hpp"

namespace watchpost::model {

// What the store may hold while a call runs, and when it has returned.
struct Stage {
  const char* call = "";
  std::size_t first = 0;  // operations recorded before it
  std::size_t end = 0;    // and when it had returned
  std::shared_ptr<const StoreState> before;
  std::shared_ptr<const StoreState> after;  // null: it failed, so `before` or any of the attempts
  // Commits whose outcome is not known, oldest first.
  std::vector<std::shared_ptr<const Commits>> attempts;

  // What is certain after `done` operations.
  [[nodiscard]] const StoreState& known(std::size_t done) const {
    return after && done >= end ? *after : *before;
  }
  // Empty, or why `state` cannot be what a crash after `done` operations leaves.
  [[nodiscard]] std::string why_not_after(std::size_t done, const StoreState& state,
                                          const Rules& rules) const;
};

struct RunOptions {
  std::uint64_t seed = 1;
  std::size_t calls = 30;
  Traffic::Shape shape;
  spool::SpaceLimits space;
  spool::CheckpointLimits checkpoint;
  unsigned commits_inside = 0;  // of a hundred checkpoints, between two of their operations
  unsigned faults = 0;          // of a hundred calls
  unsigned crashes = 5;         // of a hundred calls
  unsigned restarts = 5;
  // Instead of the random ones: this fault, and well again so many calls after it struck.
  struct Planned {
    support::Fault fault;
    std::size_t calls = 1;
  };
  std::optional<Planned> planned;
};

class StoreRun {
 public:
  // The store lies in `directory`; `vfs` records it and is the default.
  StoreRun(std::filesystem::path directory, support::RecordingVfs& vfs, RunOptions options);
  ~StoreRun();

  // Empty, or which call broke which rule.
  [[nodiscard]] std::string run();

  [[nodiscard]] const std::vector<Stage>& stages() const { return stages_; }
  [[nodiscard]] const Rules& rules() const { return rules_; }
  [[nodiscard]] const std::set<Epoch>& epochs() const { return epochs_; }  // one a start
  // Newest number of each class that was ever acknowledged.
  [[nodiscard]] const PerClass<Seq>& given() const { return given_; }
  [[nodiscard]] const StoreState& state() const { return *base_; }
  // Commits that failed and were in the store when it was read again.
  [[nodiscard]] std::size_t risen() const { return risen_; }
  [[nodiscard]] std::size_t failed_commits() const { return failed_commits_; }
  // Commits made while a checkpoint ran.
  [[nodiscard]] std::size_t commits_inside() const { return commits_inside_; }
  [[nodiscard]] static spool::WriterOptions writer_options(const std::filesystem::path& directory,
                                                           const spool::SpaceLimits& space);

 private:
  class Reader;
  using Step = std::string (StoreRun::*)();

  [[nodiscard]] std::string step();
  [[nodiscard]] std::string commit();
  [[nodiscard]] std::string write_batch();
  [[nodiscard]] std::string after_commit();
  [[nodiscard]] std::string remove_settled();
  [[nodiscard]] std::string restart();
  [[nodiscard]] std::string crash();
  [[nodiscard]] std::string open();
  void read();
  void set_faults(std::size_t call);
  void lose_power();
  void leave();  // as the process ends: by signal or with the power
  void begin(const char* call);
  [[nodiscard]] std::string end_unknown(std::shared_ptr<const Commits> attempt);
  [[nodiscard]] std::string end_known(const Commits& commits);
  void end_stage();
  [[nodiscard]] std::string same_as_before();

  std::filesystem::path directory_;
  support::RecordingVfs* vfs_;
  RunOptions options_;
  Traffic traffic_;
  CrashDisk disk_;
  Rules rules_;
  std::set<Epoch> epochs_;
  bool is_made_ = false;
  support::RecordingLog log_;
  std::optional<spool::Writer> writer_;
  std::unique_ptr<Reader> reader_;
  std::shared_ptr<const StoreState> base_;
  std::vector<std::shared_ptr<const Commits>> attempts_;
  // The connection whose commit failed, by its number: nothing may succeed on it any more.
  std::optional<std::uint64_t> doubtful_;
  spool::Batch held_;  // of a commit that failed: tried again
  std::vector<Stage> stages_;
  Stage stage_;
  PerClass<Seq> given_{};
  std::size_t fault_calls_ = 0;
  std::size_t risen_ = 0;
  std::size_t failed_commits_ = 0;
  std::size_t commits_inside_ = 0;
};

}  // namespace watchpost::model

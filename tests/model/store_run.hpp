// StoreRun: the real Writer under random traffic, restarts, crashes and faults, all decided by a
// seed.
// Promise: checks at each step that the Writer reports what the store holds and what the rules
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
#include "model/village.hpp"
#include "spool/writer/writer.hpp"
#include "support/recording_log.hpp"
#include "support/recording_vfs.hpp"

namespace watchpost::model {

// What the store may hold while a call runs, and after the call.
struct Stage {
  const char* call = "";
  std::size_t first = 0;  // number of operations before the call
  std::size_t end = 0;    // number of operations after it
  std::shared_ptr<const StoreState> before;
  std::shared_ptr<const StoreState> after;  // null: the call failed
  // Commits whose outcome is unknown, oldest first. After a failed call the store may hold `before`
  // with any of them.
  std::vector<std::shared_ptr<const Commits>> attempts;

  // The content that is certain after `done` operations.
  [[nodiscard]] const StoreState& known(std::size_t done) const {
    return after && done >= end ? *after : *before;
  }
  // Empty, or the reason why a crash after `done` operations cannot leave `state`.
  [[nodiscard]] std::string why_not_after(std::size_t done, const StoreState& state,
                                          const Rules& rules) const;
};

struct RunOptions {
  std::uint64_t seed = 1;
  std::size_t calls = 30;
  Traffic::Shape shape;
  spool::SpaceLimits space;
  spool::CheckpointLimits checkpoint;
  unsigned commits_inside = 0;  // of 100 checkpoints: so many have a commit inside
  unsigned faults = 0;          // of 100 calls
  unsigned crashes = 5;         // of 100 calls
  unsigned restarts = 5;
  // Instead of random faults: this one; the disk works again `calls` calls after it struck.
  struct Planned {
    support::Fault fault;
    std::size_t calls = 1;
  };
  std::optional<Planned> planned;
};

class StoreRun {
 public:
  // The store lies in `directory`; `vfs` records it and must be the default VFS.
  StoreRun(std::filesystem::path directory, support::RecordingVfs& vfs, RunOptions options);
  ~StoreRun();

  // Empty, or which call broke which rule.
  [[nodiscard]] std::string run();

  [[nodiscard]] const std::vector<Stage>& stages() const { return stages_; }
  [[nodiscard]] const Rules& rules() const { return rules_; }
  [[nodiscard]] const std::set<Epoch>& epochs() const { return epochs_; }  // one for each start
  // The newest number of each class that was ever acknowledged.
  [[nodiscard]] const PerClass<Seq>& given() const { return given_; }
  [[nodiscard]] const StoreState& state() const { return *base_; }
  // Number of commits that failed and yet were in the store when it was read again.
  [[nodiscard]] std::size_t risen() const { return risen_; }
  [[nodiscard]] std::size_t failed_commits() const { return failed_commits_; }
  [[nodiscard]] const Village& village() const { return village_; }
  // Number of commits made while a checkpoint ran.
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
  [[nodiscard]] std::string remove_delivered();
  [[nodiscard]] std::string restart();
  [[nodiscard]] bool is_given_up() const { return writer_ && writer_->has_given_up(); }
  [[nodiscard]] std::string begin_anew();
  [[nodiscard]] std::string crash();
  [[nodiscard]] std::string open();
  void read();
  void set_faults(std::size_t call);
  void lose_power();
  void leave();  // ends as a process does that is killed
  void begin(const char* call);
  [[nodiscard]] std::string end_unknown(std::shared_ptr<const Commits> attempt);
  [[nodiscard]] std::string end_known(const Commits& commits);
  void end_stage();
  [[nodiscard]] std::string same_as_before();

  std::filesystem::path directory_;
  support::RecordingVfs* vfs_;
  RunOptions options_;
  Traffic traffic_;
  Village village_;
  CrashDisk disk_;
  Rules rules_;
  std::set<Epoch> epochs_;
  bool is_made_ = false;
  support::RecordingLog log_;
  std::optional<spool::Writer> writer_;
  std::unique_ptr<Reader> reader_;
  std::shared_ptr<const StoreState> base_;
  std::vector<std::shared_ptr<const Commits>> attempts_;
  // The number of the connection on which a commit failed: no later commit may succeed on it.
  std::optional<std::uint64_t> doubtful_;
  spool::CommitGroup held_;  // from a failed commit; tried again
  std::vector<Stage> stages_;
  Stage stage_;
  PerClass<Seq> given_{};
  std::size_t fault_calls_ = 0;
  std::size_t risen_ = 0;
  std::size_t failed_commits_ = 0;
  std::size_t commits_inside_ = 0;
};

}  // namespace watchpost::model

// Committer: the spool thread. Commits what is due, removes delivered history between commits, and
// reports what became of each group and how large the store is.
// Promise: nothing is reported as kept before its commit has returned. Once the store is given up
// this is told once, whoever met the damage.
#pragma once

#include <functional>
#include <memory>
#include <thread>

#include "spool/queue/commit_queue.hpp"
#include "spool/writer/store_meter.hpp"
#include "spool/writer/writer.hpp"

namespace watchpost::spool {

class Committer {
 public:
  struct Report {
    CommitGroup group;  // empty: nothing was committed, yet the status is another one
    Result<void> outcome{};
    SpoolStatus measured;
    PerClass<LogExtent> logs;
    ByteCount bytes;  // of the group, as it waited
  };
  // Both are called on the spool thread.
  struct Observer {
    std::function<void(std::shared_ptr<Report>)> committed;
    std::function<void(GivenUp)> given_up;
  };

  Committer(Writer writer, CommitQueue& queue, Observer observer);
  ~Committer() { join(); }
  Committer(const Committer&) = delete;
  Committer& operator=(const Committer&) = delete;

  // To be called before start().
  [[nodiscard]] const Writer& writer() const { return writer_; }
  void start();
  // To be called after CommitQueue::stop(); returns when everything is committed and the store
  // closed.
  void join();

 private:
  void run();
  void work_beside();
  void heed_damage();
  [[nodiscard]] std::shared_ptr<Report> commit(CommitGroup group);
  void measure(Report& report) const;

  Writer writer_;
  CommitQueue& queue_;
  Observer observer_;
  StoreMeter meter_;
  bool has_failed_ = false;  // the last commit
  bool is_given_up_ = false;
  std::optional<SteadyTime> doubt_at_;  // when the store is read again, where nothing commits
  std::thread thread_;
};

}  // namespace watchpost::spool

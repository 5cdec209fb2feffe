// CommitQueue: what waits for the next commit, and when that commit is due.
// Promise: the order is that of spool.hpp. What is urgent goes with the next commit, all of it; of
// what is ordinary one commit takes a bounded part, once linger.hpp says that it is due. So an
// alarm waits for the commit that runs and then for its own, never for a queue of telemetry. Notes
// ride on a commit, or are worth one of their own after a rest. add(), note(), take_over(),
// damaged() and stop() on the I/O thread; the rest on the spool thread.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>

#include "spool/queue/commit_group.hpp"
#include "spool/queue/linger.hpp"
#include "spool/spool_defaults.hpp"

namespace watchpost::spool {

// About how much memory an append takes.
[[nodiscard]] ByteCount size_of(const Append& append);

class CommitQueue {
 public:
  struct Options {
    std::chrono::milliseconds linger = kDefaultLinger;
    std::chrono::milliseconds cursor_rest = kDefaultCursorRest;
    // True while the WAL is moved into the database; meanwhile only urgent appends are committed.
    // Called from any thread.
    std::function<bool()> is_moving_wal;
  };
  explicit CommitQueue(Options options) : options_(std::move(options)), linger_(options_.linger) {}

  // False once stopped: nothing is taken any more, and `append` is left as it is.
  [[nodiscard]] bool add(Append& append);
  void note(const std::function<void(Notes&)>& add);
  // Notes of a commit that failed: they ride on the next one.
  void take_over(Notes notes);
  void visit_waiting_copies(const std::function<void(const SetAsideCopy&)>& visit);
  void damaged(const Failure& damage);
  void stop();
  // Makes the spool thread look again whether something is due. Called from any thread.
  void wake();

  // Reported and not taken yet.
  [[nodiscard]] std::optional<Failure> take_damage();
  [[nodiscard]] bool has_work();
  // `want_room`: notes are to go now, for what the upstreams have by now makes room. Empty while
  // damage waits to be taken.
  [[nodiscard]] CommitGroup take(bool want_room);
  // Stopped, and everything was taken.
  [[nodiscard]] bool is_finished();
  // Returns when something may be due, or at `look_at`.
  void wait(SteadyTime look_at);
  // The clients of the last commit have been answered.
  void clients_answered(SteadyTime now);
  // After a failed commit, so that clients which try again at once do not keep disk and log busy.
  void rest();

 private:
  [[nodiscard]] std::optional<SteadyTime> due_at() const;  // mutex held
  [[nodiscard]] bool is_due() const;                       // mutex held

  Options options_;
  std::mutex mutex_;
  std::condition_variable wake_;
  // All below are guarded by mutex_.
  std::deque<Append> urgent_;
  std::deque<Append> ordinary_;
  Linger linger_;  // of ordinary_
  Notes notes_;
  SteadyTime notes_since_{};  // the oldest of them
  std::optional<Failure> damage_;
  bool stopping_ = false;
};

}  // namespace watchpost::spool

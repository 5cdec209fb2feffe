// Writer: what a commit is, and what happens when one fails.
// Promise 1: commit() succeeds only after COMMIT returned with synchronous=FULL
// for everything in the group but appends whose `refusal` it set; on failure nothing of the group
// is in the store's logs as far as this process goes on, and the database was reopened and read
// again before the next commit. Spool thread only, except open().
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "base/log.hpp"
#include "spool/queue/commit_group.hpp"
#include "spool/room/room.hpp"
#include "spool/writer/live_store.hpp"
#include "spool/writer/step_ledger.hpp"
#include "spool/writer/writer_options.hpp"

namespace watchpost::spool {

class Writer {
 public:
  [[nodiscard]] static Result<Writer> open(const WriterOptions& options, Log& log);

  [[nodiscard]] Result<void> commit(CommitGroup& group);
  // Work that must not delay an acknowledgement: moving the WAL into the database.
  void after_commit();
  // Delivered records past `history` go, a small step at a time; false when there is nothing to do.
  [[nodiscard]] bool remove_some();
  // Asks the filesystem whether a shortage of room is over, or has begun before a message met it.
  // True once, when it is so.
  bool look_for_room();
  void close() { store_->close(); }
  // The store is damaged: its files are left as they are and the next start salvages them.
  void give_up(const Failure& damage) { store_->give_up(damage); }
  // A commit with steps of judgement failed, and nobody has looked yet whether it is on disk all
  // the same: an alarm may be there that is neither shown nor escalated.
  [[nodiscard]] bool is_in_doubt() const {
    return is_doubtful_ && !has_given_up() && store_->connection() == nullptr;
  }
  // Looks, where no commit does; what cannot be read yet stays in doubt.
  void look_at_doubt();
  // Nothing is committed any more: all of the daemon must begin anew, with another epoch.
  [[nodiscard]] bool has_given_up() const { return store_->has_given_up(); }
  [[nodiscard]] GivenUp given_up_for() const { return store_->given_up_for(); }

  [[nodiscard]] const StoreContents& contents() const { return store_->contents(); }
  [[nodiscard]] const Salvage& salvage() const { return store_->salvage(); }
  [[nodiscard]] Checkpointer& checkpointer() const { return store_->checkpointer(); }
  [[nodiscard]] const std::filesystem::path& database_file() const { return store_->file(); }
  // Messages there was no room for, and what the operator is told while there is none.
  [[nodiscard]] const Shortage& shortage() const { return room_.shortage(); }
  [[nodiscard]] const SpaceLimits& space() const { return room_.limits(); }
  [[nodiscard]] const std::shared_ptr<const QueueYields>& queue_yields() const {
    return room_.queues().yields();
  }
  [[nodiscard]] ByteCount store_size() const { return used_; }

 private:
  Writer(const WriterOptions& options, Log& log, std::unique_ptr<LiveStore> store);

  [[nodiscard]] Result<void> write_as_it_can(CommitGroup& group);
  [[nodiscard]] Result<void> write(CommitGroup& group, bool squeezed);
  [[nodiscard]] Result<void> write_transaction(Transaction& transaction, CommitGroup& group,
                                               bool squeezed);
  [[nodiscard]] Result<void> write(Transaction& transaction, Append& append);
  [[nodiscard]] Result<void> write_urgent_alone(CommitGroup& group);
  [[nodiscard]] Result<void> resolve_doubt(const PerClass<Seq>& known);
  [[nodiscard]] Result<void> catch_up(const Notes& notes);
  [[nodiscard]] Failure fail(CommitGroup& group, const Failure& why);
  void measure();
  void note_failure(const Failure& failure);
  void note_success(const CommitGroup& group);

  WriterOptions options_;
  Log* log_;
  std::unique_ptr<LiveStore> store_;
  Room room_;
  StepLedger steps_;
  bool is_doubtful_ = false;        // steps of judgement failed since the store was read
  bool is_behind_ = false;          // read again, and what the upstreams have is not written yet
  ByteCount used_;                  // as last measured, also while nothing is open
  std::optional<Trouble> failing_;  // the cause last logged: one line, not one for each group
};

}  // namespace watchpost::spool

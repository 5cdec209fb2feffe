// SqliteSpool: the real Spool. Keeps what the I/O thread knows of the store; what waits for a
// commit is in its CommitQueue, and the thread that commits is its Committer. Promise: as
// spool.hpp. I/O thread only; `post` must run a function later on the I/O thread and may be called
// from any.
#pragma once

#include <memory>
#include <optional>

#include "base/log.hpp"
#include "spool/queue/commit_queue.hpp"
#include "spool/queue/recent_records.hpp"
#include "spool/spool.hpp"
#include "spool/writer/committer.hpp"

namespace watchpost::spool {

using Post = std::function<void(std::function<void()>)>;

struct SpoolOptions {
  WriterOptions writer;
  ByteCount commit_queue =
      kDefaultCommitQueue;  // waiting for a commit before accepting() turns false
  std::chrono::milliseconds linger =
      kDefaultLinger;  // how long status and telemetry wait for company
  // Cursor moves come with each acknowledgement and each costs a page, so they ride on a commit
  // only this often, or where it is so large that one page is nothing. What they lag behind is sent
  // again after a crash.
  std::chrono::milliseconds cursor_rest = kDefaultCursorRest;
  std::size_t most_set_aside = 1'000;  // for each upstream, and a hundredth of the quota in bytes
};

class SqliteSpool final : public Spool {
 public:
  // Opens the store, mending or putting aside what is damaged, and starts the spool thread.
  [[nodiscard]] static Result<std::unique_ptr<SqliteSpool>> open(SpoolOptions options, Post post,
                                                                 Log& log);
  ~SqliteSpool() override;  // stop()

  // Commits what waits, saves the cursors, closes the store. What is appended later fails.
  void stop();

  void append(Append append) override;
  [[nodiscard]] bool accepting() const override;
  void when_accepting(std::function<void()> resume) override;
  void advance(const std::string& upstream, EventClass event_class, Seq cursor) override;
  [[nodiscard]] bool set_aside(const std::string& upstream, const Record& record,
                               std::uint8_t reason_code) override;
  void take_back(const std::string& upstream, std::uint64_t set_aside_id) override;
  void report_lost(EventClass event_class, SeqRange numbers) override;
  [[nodiscard]] Seq cursor(const std::string& upstream, EventClass event_class) const override;
  // A reader met damage: the store is given up, and salvaged when the daemon begins anew.
  void report_damage(const Failure& damage);
  // `observer` runs once, when this store cannot be gone on with, for whatever reason. Before the
  // first append.
  void on_given_up(std::function<void(GivenUp)> observer) { given_up_ = std::move(observer); }
  [[nodiscard]] const Epoch& epoch() const override { return status_.epoch; }
  [[nodiscard]] Heads heads() const override { return status_.heads; }
  [[nodiscard]] std::uint64_t stored_after(EventClass event_class, Seq after) const override {
    return logs_[index_of(event_class)].stored_after(after);
  }
  void on_committed(std::function<void(const Heads&)> observer) override;
  [[nodiscard]] SpoolStatus status() const override { return status_; }
  [[nodiscard]] const StoredFacts& stored_facts() const override { return stored_facts_; }
  [[nodiscard]] const std::filesystem::path& database_file() const { return database_file_; }
  [[nodiscard]] const RecentRecords& recent() const { return recent_; }

 private:
  SqliteSpool(Writer writer, SpoolOptions options, Post post);
  void settle(Committer::Report& report);
  void settle_appends(Committer::Report& report);
  void count_copies();

  SpoolOptions options_;
  Post post_;
  StoredFacts stored_facts_;
  Cursors cursors_;
  SpoolStatus status_;        // as of the last commit that was reported
  PerClass<LogExtent> logs_;  // the same
  RecentRecords recent_;
  SetAsideCounts copies_;  // as status_.set_aside, with what is not committed yet
  std::vector<std::function<void()>> resumes_;
  std::vector<std::function<void(const Heads&)>> observers_;
  std::function<void(GivenUp)> given_up_;
  // Functions posted to the I/O thread hold it weakly: it expires with the spool.
  std::shared_ptr<SqliteSpool*> self_;
  std::filesystem::path database_file_;
  CommitQueue queue_;
  Committer committer_;
};

}  // namespace watchpost::spool

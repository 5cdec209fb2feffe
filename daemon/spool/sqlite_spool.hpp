// SqliteSpool: the real Spool. Hands batches to one thread that owns the writing connection.
// Promise: as spool.hpp. Appends that carry an alarm or a patrol check-in, and session changes,
// form a lane of their own that every commit empties first; of the rest a commit takes a bounded
// part, and these wait for each other as linger.hpp says. So an alarm waits for the commit that
// runs and then for its own, never for a queue of telemetry. I/O thread only; `post` must run a
// function later on the I/O thread and may be called from any.
#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "base/log.hpp"
#include "spool/queue/linger.hpp"
#include "spool/queue/recent_records.hpp"
#include "spool/room/forecast.hpp"
#include "spool/spool.hpp"
#include "spool/writer/writer.hpp"

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
  std::chrono::milliseconds cursor_rest{5'000};
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
  void advance(const std::string& upstream, EventClass event_class, Seq settled) override;
  [[nodiscard]] bool set_aside(const std::string& upstream, const Record& record,
                               std::uint8_t reason_code) override;
  void take_back(const std::string& upstream, std::uint64_t set_aside_id) override;
  void report_lost(EventClass event_class, Seq first, Seq last) override;
  [[nodiscard]] Seq cursor(const std::string& upstream, EventClass event_class) const override;
  // A reader met damage: the store is given up, and salvaged when the daemon begins anew.
  void report_damage(const Failure& damage);
  // `observer` runs once, when this store cannot be gone on with, for whatever reason. Before the
  // first append.
  void on_given_up(std::function<void()> observer) { given_up_ = std::move(observer); }
  [[nodiscard]] const Epoch& epoch() const override { return epoch_; }
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
  // What the spool thread reports of one commit.
  struct Report {
    Batch batch;
    Result<void> outcome{};
    SpoolStatus measured;
    PerClass<LogExtent> logs;
    ByteCount bytes;
  };
  using Lane = std::deque<Append>;

  SqliteSpool(Writer writer, SpoolOptions options, Post post);
  void run();
  [[nodiscard]] std::shared_ptr<Report> commit(Batch batch);  // spool thread
  [[nodiscard]] Batch take_batch();                           // mutex held
  [[nodiscard]] std::optional<SteadyTime> due_at() const;     // mutex held
  [[nodiscard]] bool has_work() const;                        // mutex held
  void wait_for_work(std::unique_lock<std::mutex>& lock);     // spool thread, mutex held
  void heed_damage(std::unique_lock<std::mutex>& lock);       // spool thread, mutex held
  void report(std::shared_ptr<Report> report);
  void report_room();            // spool thread
  void measure(Report& report);  // spool thread
  void settle(Report& report);   // I/O thread
  static void measure(const Writer& writer, SpoolStatus& status);
  void add_note(const std::function<void(Notes&)>& add);

  SpoolOptions options_;
  Post post_;
  Epoch epoch_;
  std::filesystem::path database_file_;
  StoredFacts stored_facts_;

  // I/O thread only.
  Cursors cursors_;
  SpoolStatus status_;
  PerClass<LogExtent> logs_;  // as of the last commit that was reported
  RecentRecords recent_;
  SetAsideCounts copies_;  // as status_.set_aside, with what is not committed yet
  std::vector<std::function<void()>> resumes_;
  std::vector<std::function<void(const Heads&)>> observers_;
  std::function<void()> given_up_;
  // Posted settles find it expired after the spool is gone.
  std::shared_ptr<SqliteSpool*> self_;

  std::mutex mutex_;
  std::condition_variable wake_;
  Lane urgent_;                    // guarded by mutex_
  Lane ordinary_;                  // guarded by mutex_
  Linger linger_;                  // guarded by mutex_: of ordinary_
  Notes notes_;                    // guarded by mutex_
  SteadyTime notes_since_{};       // guarded by mutex_: the oldest of them
  bool has_failed_ = false;        // spool thread: the last commit
  bool stopping_ = false;          // guarded by mutex_
  std::optional<Failure> damage_;  // guarded by mutex_: reported and not heeded yet
  bool is_given_up_ = false;       // spool thread: told
  Writer writer_;                  // spool thread, after the constructor
  SpoolStatus totals_;             // spool thread: what it counts over all commits
  Forecast forecast_;              // spool thread
  std::thread thread_;
};

}  // namespace watchpost::spool

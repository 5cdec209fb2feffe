// LiveStore: the files of the store and what is known of them, from opening to giving up.
// Promise 5: it opens with whatever lies in its folder; a damaged store is
// salvaged first. What is known in memory is only gone on with while the files are the ones it was
// read from: after a failure it is read again, and files that were replaced or damaged end the
// store. Spool thread, but for open(), which runs before that thread starts.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/log.hpp"
#include "spool/spool.hpp"
#include "spool/tables/gateway_record.hpp"
#include "spool/writer/checkpointer.hpp"
#include "spool/writer/store_contents.hpp"
#include "spool/writer/store_directory.hpp"
#include "spool/writer/witness.hpp"
#include "spool/writer/writer_options.hpp"

namespace watchpost::spool {

class LiveStore {
 public:
  [[nodiscard]] static Result<std::unique_ptr<LiveStore>> open(const WriterOptions& options,
                                                               Log& log);
  LiveStore(const LiveStore&) = delete;
  LiveStore& operator=(const LiveStore&) = delete;

  // Null after a failure, until reopen().
  [[nodiscard]] OpenStore* connection() { return open_.get(); }
  [[nodiscard]] const OpenStore* connection() const { return open_.get(); }
  [[nodiscard]] StoreContents& contents() { return contents_; }
  [[nodiscard]] const StoreContents& contents() const { return contents_; }
  [[nodiscard]] StoreDirectory& directory() { return directory_; }
  [[nodiscard]] Checkpointer& checkpointer() { return checkpointer_; }
  [[nodiscard]] const Salvage& salvage() const { return salvage_; }
  // When something is noted: as the options say, else the system's clock.
  [[nodiscard]] const std::function<Moment()>& now() const { return options_.now; }
  [[nodiscard]] const std::filesystem::path& file() const { return file_; }

  // After a failed commit the page cache may not be what is on disk: never go on with it. The
  // connection is closed; damage gives the store up.
  void fail(const Failure& failure);
  // Reads everything again. Where the files are not those the store began with, it is given up.
  [[nodiscard]] Result<void> reopen();
  // Numbers were given that no crash may let be given again.
  void testify() { witness_.note({contents_.epoch, contents_.newest()}); }
  // Everything into the database file, so that the next start need not read a WAL.
  void close();

  // Damage: the files stay as they are and the next start salvages them.
  void give_up(const Failure& damage);
  // The files are gone or are others.
  Failure give_up_replaced();
  // A commit that failed is on disk all the same, and judgement took back what it holds: what is so
  // is read again (decision 0054).
  Failure give_up_doubtful();
  // A checkpoint has lost pages (checkpointer.hpp); the WAL has them. Only where all connections
  // are closed is all of it moved again.
  Failure give_up_unsynced();
  // Nothing is committed any more: all of the daemon must begin anew.
  [[nodiscard]] bool has_given_up() const { return has_given_up_; }
  [[nodiscard]] GivenUp given_up_for() const { return given_up_for_; }
  [[nodiscard]] static Failure given_up();

 private:
  LiveStore(const WriterOptions& options, Log& log, StoreDirectory directory);

  [[nodiscard]] Result<void> open_or_salvage();
  [[nodiscard]] Result<void> open_with_reserve();
  [[nodiscard]] Result<void> open_files();
  struct Cause {
    std::string sentence;  // for the log
    std::string reason;    // one word, of the store event that tells it
  };
  [[nodiscard]] Result<void> salvage_files(const Cause& cause);
  [[nodiscard]] Result<void> begin_salvaged(const Salvaged& found, const std::string& reason);
  [[nodiscard]] Result<void> save_alarms();
  [[nodiscard]] Result<void> begin_epoch(NewEpoch change, const std::vector<Loss>& losses);
  [[nodiscard]] Result<void> begin_run_now();
  void shut();
  Failure give_up_for(GivenUp why);

  WriterOptions options_;
  Log* log_;
  StoreDirectory directory_;
  std::filesystem::path file_;
  std::unique_ptr<OpenStore> open_;
  StoreContents contents_;
  Checkpointer checkpointer_;
  Witness witness_;
  Salvage salvage_;
  bool has_given_up_ = false;
  GivenUp given_up_for_ = GivenUp::damaged;
};

}  // namespace watchpost::spool

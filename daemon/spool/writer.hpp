// Writer: the one SQLite connection that writes, and what a commit is.
// Promise (DESIGN promise 1): commit() succeeds only after COMMIT returned with synchronous=FULL
// for everything in the batch; on failure nothing of the batch is in the store's logs as far as
// this process goes on, and the database has been reopened and read again before the next commit.
// Spool thread only, except open(), which runs before that thread starts.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/log.hpp"
#include "spool/retention.hpp"
#include "spool/spool.hpp"
#include "spool/store_directory.hpp"
#include "sqlite/database.hpp"

namespace watchpost::spool {

struct WriterOptions {
  std::filesystem::path directory;
  std::vector<std::string> required_upstreams;  // retention waits for these
  ByteCount quota{2ULL << 30U};                 // the database file never grows past this
  // Settled records are kept while the store is smaller than this and than nine tenths of `quota`.
  ByteCount history{256ULL << 20U};
};

struct CursorMove {
  std::string upstream;
  EventClass event_class = EventClass::telemetry;
  Seq settled;
};

struct Batch {
  std::vector<Append> appends;
  std::vector<CursorMove> cursors;
  [[nodiscard]] bool is_empty() const { return appends.empty() && cursors.empty(); }
  // False for heartbeats and cursors alone: their success does not prove that messages are kept.
  [[nodiscard]] bool keeps_something() const;
};

using Cursors = std::map<std::string, PerClass<Seq>>;

class Writer {
 public:
  [[nodiscard]] static Result<Writer> open(WriterOptions options, Log& log);

  [[nodiscard]] Result<void> commit(Batch& batch);
  // Work that must not delay an acknowledgement: moving the WAL into the database.
  void after_commit();
  // Settled records past `history` go, a small step at a time; false when there is nothing to do.
  [[nodiscard]] bool remove_some();
  // Everything into the database file, so that the next start need not read a WAL.
  void close();

  [[nodiscard]] const Epoch& epoch() const { return epoch_; }
  [[nodiscard]] const PerClass<LogExtent>& logs() const { return logs_; }
  [[nodiscard]] const Cursors& cursors() const { return cursors_; }
  [[nodiscard]] const std::vector<StoredSession>& sessions() const { return sessions_; }
  [[nodiscard]] ByteCount store_size() const { return store_size_; }
  [[nodiscard]] const std::filesystem::path& database_file() const { return file_; }

 private:
  struct Statements {
    sqlite::Statement begin, commit, rollback, save_cursor, page_count, free_pages;
    sqlite::Statement open_session, end_session, remember_packet_id, forget_packet_id,
        forget_packet_ids;
    PerClass<sqlite::Statement> insert, remove;
  };

  Writer(WriterOptions options, Log& log, StoreDirectory directory);
  [[nodiscard]] Result<void> open_database();
  [[nodiscard]] Result<void> open_or_quarantine();
  [[nodiscard]] Result<void> migrate();
  [[nodiscard]] Result<void> create_schema();
  [[nodiscard]] Result<void> prepare();
  [[nodiscard]] Result<void> load();
  [[nodiscard]] Result<void> load_sessions();
  [[nodiscard]] Result<void> limit_size();
  [[nodiscard]] Result<void> write(Batch& batch);
  [[nodiscard]] Result<void> write(const SessionChange& change);
  [[nodiscard]] Result<void> write(const std::vector<CursorMove>& moves);
  void apply(const std::vector<CursorMove>& moves);
  [[nodiscard]] Result<void> reopen();
  [[nodiscard]] Result<void> make_room(const std::vector<CursorMove>& moves);
  [[nodiscard]] Result<void> remove_settled(std::uint64_t budget);
  [[nodiscard]] Result<void> measure();
  void refresh_settled();
  void recover_from(const Failure& failure);
  void note_failure(const Failure& failure);
  void note_success(const Batch& batch);

  WriterOptions options_;
  Log* log_;
  StoreDirectory directory_;
  std::filesystem::path file_;
  sqlite::Database database_;
  Statements statements_;
  bool is_open_ = false;
  std::int64_t page_size_ = 4096;

  Epoch epoch_;
  PerClass<LogExtent> logs_{};
  Cursors cursors_;
  std::vector<StoredSession> sessions_;
  ByteCount store_size_;
  // The remedy last logged, while commits fail: a failing disk is one line, not one for each batch.
  std::string failing_;
};

}  // namespace watchpost::spool

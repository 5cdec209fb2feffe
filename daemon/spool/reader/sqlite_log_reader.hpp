// SqliteLogReader: the real LogReader, one thread and one reading connection of its own.
// Promise: as log_reader.hpp. A row whose checksum does not fit is left out, so that it cannot
// block those behind it. Such rows, and numbers missing before a row that is there, are told to
// `on_lost` on the I/O thread, before the answer. Questions waiting are bounded by who asks: at
// most two per class and upstream.
#pragma once

#include <condition_variable>
#include <deque>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "base/log.hpp"
#include "model/seq_range.hpp"
#include "spool/log_reader.hpp"
#include "spool/sqlite_spool.hpp"
#include "sqlite/database.hpp"

namespace watchpost::spool {

class SqliteLogReader final : public LogReader {
 public:
  // `post` as for SqliteSpool. The database must exist already.
  SqliteLogReader(std::filesystem::path database_file, Post post, Log& log);
  ~SqliteLogReader() override;

  void read(const ReadRequest& request, Answer answer) override;
  void read_set_aside(const std::string& upstream, std::uint64_t after,
                      SetAsideAnswer answer) override;
  using OnLost = std::function<void(EventClass, SeqRange)>;
  // Before anything is read.
  void on_lost(OnLost observer) { on_lost_ = std::move(observer); }

  // SQLite found the database damaged. Before anything is read.
  using OnDamage = std::function<void(const Failure&)>;
  void on_damage(OnDamage observer) { on_damage_ = std::move(observer); }

 private:
  struct Question {
    EventClass urgency;
    std::function<void()> look_up;  // on the reader thread; posts the answer
  };
  struct Connection {
    sqlite::Database database;
    PerClass<sqlite::Statement> select;
    sqlite::Statement select_set_aside;
  };

  void run();
  void ask(EventClass urgency, std::function<void()> look_up);
  template <class Told, class Value>
  void post_answer(Told answer, Result<Value> found);
  void report_lost(EventClass event_class, SeqRange numbers);
  struct Page {
    std::size_t rows = 0;  // damaged ones too
    Seq last;
  };
  [[nodiscard]] Result<std::vector<SetAside>> look_up(const std::string& upstream,
                                                      std::uint64_t after);
  [[nodiscard]] Found look_up(const ReadRequest& request);
  [[nodiscard]] Result<Page> read_page(const ReadRequest& request,
                                       std::vector<SharedRecord>& records);
  [[nodiscard]] Result<void> connect();

  std::filesystem::path database_file_;
  Post post_;
  Log* log_;
  std::optional<Connection> connection_;  // reader thread only
  std::shared_ptr<bool> alive_;           // expired: answers are dropped
  OnLost on_lost_;                        // called on the I/O thread
  OnDamage on_damage_;                    // called on the I/O thread

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Question> questions_;  // guarded by mutex_
  bool stopping_ = false;           // guarded by mutex_
  std::thread thread_;
};

}  // namespace watchpost::spool

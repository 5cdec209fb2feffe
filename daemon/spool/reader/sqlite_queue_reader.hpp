// SqliteQueueReader: the real QueueReader, one thread and one reading connection of its own.
// Promise: as queue_reader.hpp. A row whose checksum does not fit is left out, and the log says
// which. Questions waiting are bounded by who asks: one for each connected client.
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/call_thread.hpp"
#include "base/log.hpp"
#include "model/queue_reader.hpp"
#include "spool/sqlite_spool.hpp"
#include "sqlite/database.hpp"

namespace watchpost::spool {

class SqliteQueueReader final : public QueueReader {
 public:
  // `post` as for SqliteSpool. The database must exist already.
  SqliteQueueReader(std::filesystem::path database_file, Post post, Log& log);
  ~SqliteQueueReader() override;

  void read(const std::string& client_id, const QueueRange& range, Answer answer) override;

  // SQLite found the database damaged. Called on the I/O thread; set before anything is read.
  using OnDamage = std::function<void(const Failure&)>;
  void on_damage(OnDamage observer) { on_damage_ = std::move(observer); }

 private:
  struct Connection {
    sqlite::Database database;
    sqlite::Statement select;
  };
  [[nodiscard]] Result<void> connect();
  [[nodiscard]] Result<QueuePage> look_up(const std::string& client_id, const QueueRange& range);
  void post_answer(Answer answer, Result<QueuePage> page);

  std::filesystem::path database_file_;
  Post post_;
  Log* log_;
  OnDamage on_damage_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  // expired: answers are dropped
  std::optional<Connection> connection_;                        // reader thread only
  std::atomic<bool> is_stopping_ = false;
  CallThread thread_;  // last: it uses all of the above
};

}  // namespace watchpost::spool

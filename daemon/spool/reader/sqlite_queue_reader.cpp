#include "spool/reader/sqlite_queue_reader.hpp"

#include <utility>

#include "spool/tables/pragmas.hpp"
#include "spool/tables/queue_table.hpp"

namespace watchpost::spool {
SqliteQueueReader::SqliteQueueReader(std::filesystem::path database_file, Post post, Log& log)
    : database_file_(std::move(database_file)), post_(std::move(post)), log_(&log) {}

SqliteQueueReader::~SqliteQueueReader() {
  is_stopping_ = true;
}

void SqliteQueueReader::read(const std::string& client_id, const QueueRange& range, Answer answer) {
  thread_.post([this, client_id, range, answer = std::move(answer)]() mutable {
    if (!is_stopping_) post_answer(std::move(answer), look_up(client_id, range));
  });
}

void SqliteQueueReader::post_answer(Answer answer, Result<QueuePage> page) {
  if (!page) connection_.reset();
  post_([alive = std::weak_ptr<bool>(alive_), this, answer = std::move(answer),
         page = std::make_shared<Result<QueuePage>>(std::move(page))] {
    if (alive.expired()) return;
    const bool is_damaged = !*page && sqlite::is_damage(page->error());
    if (is_damaged && on_damage_) on_damage_(page->error());
    answer(std::move(*page));
  });
}

Result<void> SqliteQueueReader::connect() {
  auto database = sqlite::Database::open(database_file_, sqlite::Database::Access::read_only);
  if (!database) return database.error();
  if (auto done = database->execute(sql::kConfigureReader); !done) return done;
  auto select = database->prepare(select_queued());
  if (!select) return select.error();
  connection_.emplace(Connection{std::move(*database), std::move(*select)});
  return {};
}

Result<QueuePage> SqliteQueueReader::look_up(const std::string& client_id,
                                             const QueueRange& range) {
  if (!connection_) {
    if (auto connected = connect(); !connected) return connected.error();
  }
  sqlite::Statement& select = connection_->select;
  select.bind(1, client_id);
  select.bind(2, static_cast<std::int64_t>(range.after));
  select.bind(3, static_cast<std::int64_t>(range.most_messages));
  QueuePage page;
  page.up_to = range.after;
  std::size_t rows = 0;
  std::uint64_t bytes = 0;
  auto more = select.step();
  for (; more && *more && bytes < range.most_bytes.value; more = select.step()) {
    QueuedRow row = read_queued(select);
    ++rows;
    page.up_to = row.number;
    if (!row.message) {
      log_->error(
          "Message {} that client {} was still to get is damaged on disk and is left out. Check "
          "the disk",
          row.number, client_id);
      continue;
    }
    bytes += memory_in_queue(*row.message->delivery.publication);
    page.messages.push_back(std::move(*row.message));
  }
  if (!more) return more.error();
  page.is_end = !*more && rows < range.most_messages;
  select.reset();
  return page;
}

}  // namespace watchpost::spool

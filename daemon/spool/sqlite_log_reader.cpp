#include "spool/sqlite_log_reader.hpp"

#include <algorithm>

#include "spool/log_row.hpp"
#include "spool/statements.hpp"

namespace watchpost::spool {

SqliteLogReader::SqliteLogReader(std::filesystem::path database_file, Post post, Log& log)
    : database_file_(std::move(database_file)),
      post_(std::move(post)),
      log_(&log),
      alive_(std::make_shared<bool>(true)),
      thread_([this] { run(); }) {}

SqliteLogReader::~SqliteLogReader() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void SqliteLogReader::read(const ReadRequest& request, Answer answer) {
  {
    const std::lock_guard lock(mutex_);
    questions_.push_back({request, std::move(answer)});
  }
  wake_.notify_one();
}

void SqliteLogReader::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [this] { return stopping_ || !questions_.empty(); });
    if (stopping_) return;
    // Alarms first, here too.
    const auto next = std::min_element(questions_.begin(), questions_.end(),
                                       [](const Question& a, const Question& b) {
                                         return a.request.event_class < b.request.event_class;
                                       });
    Question question = std::move(*next);
    questions_.erase(next);
    lock.unlock();
    auto records = std::make_shared<Result<std::vector<Record>>>(look_up(question.request));
    if (!*records) connection_.reset();
    post_([alive = std::weak_ptr<bool>(alive_), answer = std::move(question.answer),
           records = std::move(records)] {
      if (!alive.expired()) answer(std::move(*records));
    });
    lock.lock();
  }
}

Result<void> SqliteLogReader::connect() {
  auto database = sqlite::Database::open(database_file_, sqlite::Database::Access::read_only);
  if (!database) return database.error();
  if (auto done = database->execute(sql::kConfigureReader); !done) return done;
  Connection connection{std::move(*database), {}};
  for (const auto event_class : kEventClasses) {
    auto select = connection.database.prepare(sql::select_records(event_class));
    if (!select) return select.error();
    connection.select[index_of(event_class)] = std::move(*select);
  }
  connection_.emplace(std::move(connection));
  return {};
}

Result<std::vector<Record>> SqliteLogReader::look_up(const ReadRequest& request) {
  if (!connection_) {
    if (auto connected = connect(); !connected) return connected.error();
  }
  // An empty answer means the end of the log, so damaged rows alone must not make one.
  std::vector<Record> records;
  ReadRequest next = request;
  while (true) {
    auto read = read_page(next, records);
    if (!read) return read.error();
    if (!records.empty() || read->rows < request.most_records) return records;
    next.after = read->last;
  }
}

Result<SqliteLogReader::Page> SqliteLogReader::read_page(const ReadRequest& request,
                                                         std::vector<Record>& records) {
  sqlite::Statement& select = connection_->select[index_of(request.event_class)];
  select.bind(1, static_cast<std::int64_t>(request.after.value));
  select.bind(2, static_cast<std::int64_t>(request.most_records));
  Page page;
  std::uint64_t bytes = 0;
  auto more = select.step();
  for (; more && *more; more = select.step()) {
    ++page.rows;
    page.last = Seq{static_cast<std::uint64_t>(select.integer(0))};
    auto record = read_row(select, request.event_class);
    if (!record) {
      log_->error(
          "Record {} of class {} is damaged on disk and cannot be forwarded. Check the disk; "
          "the row is kept in the store",
          select.integer(0), to_string(request.event_class));
      continue;
    }
    bytes += record->payload.size() + record->annotation.size() + 256;
    records.push_back(std::move(*record));
    if (bytes >= request.most_bytes.value) break;
  }
  if (!more) return more.error();
  select.reset();
  return page;
}

}  // namespace watchpost::spool

#include "spool/reader/sqlite_log_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "spool/tables/log_table.hpp"
#include "spool/tables/pragmas.hpp"
#include "spool/tables/set_aside_table.hpp"

namespace watchpost::spool {
namespace {

// For each question about what is set aside: records may be large.
constexpr std::int64_t kMostSetAside = 16;

}  // namespace

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

void SqliteLogReader::ask(EventClass urgency, std::function<void()> look_up) {
  {
    const std::lock_guard lock(mutex_);
    questions_.push_back({urgency, std::move(look_up)});
  }
  wake_.notify_one();
}

template <class Told, class Value>
void SqliteLogReader::post_answer(Told answer, Result<Value> found) {
  if (!found) connection_.reset();
  if (!found && sqlite::is_damage(found.error()) && on_damage_) {
    post_([alive = std::weak_ptr<bool>(alive_), this, failure = found.error()] {
      if (!alive.expired()) on_damage_(failure);
    });
  }
  post_([alive = std::weak_ptr<bool>(alive_), answer = std::move(answer),
         found = std::make_shared<Result<Value>>(std::move(found))] {
    if (!alive.expired()) answer(std::move(*found));
  });
}

void SqliteLogReader::read(const ReadRequest& request, Answer answer) {
  ask(request.event_class, [this, request, answer = std::move(answer)]() mutable {
    post_answer(std::move(answer), look_up(request));
  });
}

void SqliteLogReader::read_set_aside(const std::string& upstream, std::uint64_t after,
                                     SetAsideAnswer answer) {
  ask(EventClass::telemetry, [this, upstream, after, answer = std::move(answer)]() mutable {
    post_answer(std::move(answer), look_up(upstream, after));
  });
}

void SqliteLogReader::report_lost(EventClass event_class, SeqRange numbers) {
  if (!on_lost_) return;
  post_([alive = std::weak_ptr<bool>(alive_), this, event_class, numbers] {
    if (!alive.expired()) on_lost_(event_class, numbers);
  });
}

void SqliteLogReader::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [this] { return stopping_ || !questions_.empty(); });
    if (stopping_) return;
    // Alarms first, here too.
    const auto next = std::min_element(
        questions_.begin(), questions_.end(),
        [](const Question& a, const Question& b) { return a.urgency < b.urgency; });
    const Question question = std::move(*next);
    questions_.erase(next);
    lock.unlock();
    question.look_up();
    lock.lock();
  }
}

Result<void> SqliteLogReader::connect() {
  auto database = sqlite::Database::open(database_file_, sqlite::Database::Access::read_only);
  if (!database) return database.error();
  if (auto done = database->execute(sql::kConfigureReader); !done) return done;
  Connection connection{std::move(*database), {}, {}};
  for (const auto event_class : kEventClasses) {
    auto select = connection.database.prepare(select_records(event_class));
    if (!select) return select.error();
    connection.select[index_of(event_class)] = std::move(*select);
  }
  auto select_set_aside = connection.database.prepare(spool::select_set_aside());
  if (!select_set_aside) return select_set_aside.error();
  connection.select_set_aside = std::move(*select_set_aside);
  connection_.emplace(std::move(connection));
  return {};
}

LogReader::Found SqliteLogReader::look_up(const ReadRequest& request) {
  if (!connection_) {
    if (auto connected = connect(); !connected) return connected.error();
  }
  // An empty answer means the end of the log, so damaged rows alone must not make one.
  std::vector<SharedRecord> records;
  ReadRequest next = request;
  while (true) {
    auto read = read_page(next, records);
    if (!read) return read.error();
    if (!records.empty() || read->rows < request.most_records) return records;
    next.after = read->last;
  }
}

Result<SqliteLogReader::Page> SqliteLogReader::read_page(const ReadRequest& request,
                                                         std::vector<SharedRecord>& records) {
  sqlite::Statement& select = connection_->select[index_of(request.event_class)];
  select.bind(1, static_cast<std::int64_t>(request.after.value));
  select.bind(2, static_cast<std::int64_t>(request.most_records));
  Page page{0, request.after};
  std::uint64_t bytes = 0;
  auto more = select.step();
  for (; more && *more; more = select.step()) {
    ++page.rows;
    const Seq seq{static_cast<std::uint64_t>(select.integer(0))};
    // Its pages are not where they were: who went on from here would read the same rows for ever.
    if (seq <= page.last) {
      return sqlite::damage(fmt::format("record {} of class {} stands behind record {}", seq.value,
                                        to_string(request.event_class), page.last.value));
    }
    if (page.last.next() < seq) {
      report_lost(request.event_class, {.first = page.last.next(), .last = Seq{seq.value - 1}});
    }
    page.last = seq;
    auto record = read_log_row(select, request.event_class);
    if (!record) {
      log_->error(
          "Record {} of class {} is damaged on disk and cannot be forwarded; the upstreams are "
          "told "
          "which. Check the disk",
          seq.value, to_string(request.event_class));
      report_lost(request.event_class, {.first = seq, .last = seq});
      continue;
    }
    bytes += record->payload.size() + record->annotation.size() + 256;
    records.push_back(std::make_shared<const Record>(std::move(*record)));
    if (bytes >= request.most_bytes.value) break;
  }
  if (!more) return more.error();
  select.reset();
  return page;
}

Result<std::vector<SetAside>> SqliteLogReader::look_up(const std::string& upstream,
                                                       std::uint64_t after) {
  if (!connection_) {
    if (auto connected = connect(); !connected) return connected.error();
  }
  sqlite::Statement& select = connection_->select_set_aside;
  select.bind(1, upstream);
  select.bind(2, static_cast<std::int64_t>(after));
  select.bind(3, kMostSetAside);
  std::vector<SetAside> found;
  auto more = select.step();
  for (; more && *more; more = select.step()) {
    auto one = spool::read_set_aside(select);
    if (!one) {
      log_->error("A record that upstream {} refused is damaged on disk. Check the disk", upstream);
      continue;
    }
    found.push_back(std::move(*one));
  }
  if (!more) return more.error();
  return found;
}

}  // namespace watchpost::spool

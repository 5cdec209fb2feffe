#include "spool/tables/queue_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "spool/tables/publication_columns.hpp"
#include "spool/tables/row_sum.hpp"

namespace watchpost::spool {
namespace {

using enum ColumnValue::Type;

// Places of the columns. What is counted stands in front, so that counting reads no payload.
struct Place {
  enum : std::size_t {
    client_id,
    number,
    queue_class,
    bytes,
    released,
    options,
    lifetime,
    expires,
    ends,
    identifiers,
    topic,
    publisher,
    properties,
    payload,
  };
};

// Of a row besides its texts, with its share of the pages.
constexpr std::uint64_t kEachQueuedRow = 64;

std::int64_t bytes_of_row(const QueuedChange& change) {
  const LocalMessage& one = *change.delivery.publication;
  return static_cast<std::int64_t>(kEachQueuedRow + change.client_id.size() + one.topic.size() +
                                   one.payload.size() + one.properties.size() +
                                   one.publisher.size());
}

// QoS and RETAIN as they are to be sent, and behind them as they were published.
std::int64_t options_of(const Delivery& delivery, const LocalMessage& publication) {
  return static_cast<std::int64_t>(delivery.qos) | (delivery.retain ? 4 : 0) |
         static_cast<std::int64_t>(publication.qos) << 3U | (publication.retain ? 32 : 0);
}

// Of the steady clock of the run that wrote it; 0: never.
std::int64_t steady_ms(SteadyTime time) {
  if (time == SteadyTime::max()) return 0;
  return std::chrono::ceil<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

SteadyTime steady_from(std::int64_t ms) {
  return ms == 0 ? SteadyTime::max() : SteadyTime{std::chrono::milliseconds{ms}};
}

class QueueRows final : public Table {
 public:
  QueueRows()
      : Table({"client_queue",
               {{"client_id", text},
                {"number"},
                {"class"},
                {"bytes"},
                {"released"},
                {"options"},
                {"lifetime_s"},
                {"expires_ms"},
                {"ends_at_s"},
                {"identifiers", blob},
                {"topic", text},
                {"publisher", text},
                {"properties", blob},
                {"payload", blob},
                {"sum"}},
               2}) {}
  [[nodiscard]] bool is_plausible(const Row& row) const override {
    return row[Place::number].integer > 0 && (row[Place::options].integer & 3) < 3 &&
           row[Place::bytes].integer >= 0 && row[Place::queue_class].integer >= 0 &&
           row[Place::queue_class].integer < static_cast<std::int64_t>(kQueueClassCount);
  }
  [[nodiscard]] Result<void> complete(sqlite::Database& database,
                                      Salvaged& /*salvaged*/) const override {
    return database.execute(
        "DELETE FROM client_queue WHERE client_id NOT IN (SELECT client_id FROM session)");
  }
  [[nodiscard]] Finding damaged(const Row& row) const override {
    return {fmt::format("Damaged: message {} that client {} was still to get, on {}",
                        row[Place::number].integer, row[Place::client_id].bytes,
                        row[Place::topic].bytes),
            "That program does not get it; it is in the log all the same (watchpost tail). Check "
            "the disk"};
  }
};

// One pass in the order of the key: no row is sorted or kept.
std::string count_sql() {
  std::string sql = "SELECT client_id, max(number)";
  for (std::size_t i = 0; i < kQueueClassCount; ++i) {
    sql += fmt::format(
        ", count(*) FILTER (WHERE class = {0}), coalesce(sum(bytes) FILTER (WHERE class = {0}), 0),"
        " coalesce(min(number) FILTER (WHERE class = {0}), 0)",
        i);
  }
  return sql + " FROM client_queue GROUP BY client_id";
}

std::uint64_t count_at(const sqlite::Statement& row, int column) {
  return static_cast<std::uint64_t>(row.integer(column));
}

}  // namespace

const Table& queue_table() {
  static const QueueRows kTable;
  return kTable;
}

std::string select_queued() {
  return "SELECT * FROM client_queue WHERE client_id = ?1 AND number > ?2 ORDER BY number LIMIT ?3";
}

QueuedRow read_queued(const sqlite::Statement& statement) {
  const Row row = queue_table().row_at(statement);
  QueuedRow read{static_cast<std::uint64_t>(row[Place::number].integer), {}};
  if (!queue_table().recognises(row)) return read;
  StoredQueued& queued = read.message.emplace();
  queued.number = read.number;
  const std::int64_t options = row[Place::options].integer;
  auto publication = std::make_shared<LocalMessage>();
  publication->topic = row[Place::topic].bytes;
  publication->payload = row[Place::payload].bytes;
  publication->qos = static_cast<Qos>(options >> 3U & 3);
  publication->retain = (options & 32) != 0;
  publication->properties = row[Place::properties].bytes;
  publication->publisher = row[Place::publisher].bytes;
  publication->expires_at = steady_from(row[Place::expires].integer);
  queued.delivery = {std::move(publication), static_cast<Qos>(options & 3), (options & 4) != 0,
                     unpacked_numbers(row[Place::identifiers].bytes)};
  queued.is_released = row[Place::released].integer != 0;
  queued.lifetime = std::chrono::seconds{row[Place::lifetime].integer};
  queued.ends_at_s = row[Place::ends].integer;
  return read;
}

Result<QueueTable> QueueTable::open(sqlite::Database& database) {
  QueueTable table;
  const sqlite::Database::Wanted wanted[] = {
      {&table.insert_, queue_table().insert_sql("INSERT OR REPLACE")},
      {&table.share_, "SELECT class, bytes FROM client_queue WHERE client_id = ?1 AND number = ?2"},
      {&table.remove_, "DELETE FROM client_queue WHERE client_id = ?1 AND number = ?2"},
      {&table.remove_all_, "DELETE FROM client_queue WHERE client_id = ?1"},
      {&table.remove_oldest_,
       "DELETE FROM client_queue WHERE client_id = ?1 AND number IN (SELECT number FROM "
       "client_queue WHERE client_id = ?1 AND number >= ?2 AND class = ?3 AND released = 0 "
       "ORDER BY number LIMIT ?4) RETURNING number, bytes"},
      {&table.count_, count_sql()}};
  if (auto done = database.prepare_all(wanted); !done) return done.error();
  return table;
}

Result<void> QueueTable::count(QueueTotals& totals) {
  auto more = count_.step();
  for (; more && *more; more = count_.step()) {
    QueueTotals::Client client;
    client.newest = count_at(count_, 1);
    int column = 2;
    for (QueueTotals::Share& share : client.shares) {
      share = {count_at(count_, column), count_at(count_, column + 1),
               count_at(count_, column + 2)};
      column += 3;
    }
    totals.counted(std::string(count_.text(0)), client);
  }
  if (!more) return more.error();
  return {};
}

Result<void> QueueTable::write(const Fact& fact, QueueTotals& totals) {
  if (const auto* change = std::get_if<QueuedChange>(&fact)) return write(*change, totals);
  const auto* session = std::get_if<SessionChange>(&fact);
  if (session == nullptr || session->kind != SessionChange::Kind::end) return {};
  totals.forget(session->client_id);
  remove_all_.bind(1, session->client_id);
  return remove_all_.run();
}

Result<void> QueueTable::write(const QueuedChange& change, QueueTotals& totals) {
  if (change.kind == QueuedChange::Kind::added) return insert(change, totals);
  if (auto removed = remove(change, totals); !removed) return removed;
  if (change.kind == QueuedChange::Kind::gone) return {};
  return insert(change, totals);
}

// Of a released message nothing is needed but its number.
Result<void> QueueTable::insert(const QueuedChange& change, QueueTotals& totals) {
  static const LocalMessage kNothing;
  const bool is_released = change.kind == QueuedChange::Kind::released;
  const LocalMessage& one = is_released ? kNothing : *change.delivery.publication;
  const std::string identifiers = packed_numbers(change.delivery.identifiers);
  const std::int64_t bytes = is_released ? 0 : bytes_of_row(change);
  Row row{{text, 0, change.client_id},
          {integer, static_cast<std::int64_t>(change.number), {}},
          {integer, static_cast<std::int64_t>(change.queue_class), {}},
          {integer, bytes, {}},
          {integer, is_released ? 1 : 0, {}},
          {integer, options_of(change.delivery, one), {}},
          {integer, change.lifetime.count(), {}},
          {integer, steady_ms(one.expires_at), {}},
          {integer, change.ends_at_s, {}},
          {blob, 0, identifiers},
          {text, 0, one.topic},
          {text, 0, one.publisher},
          {blob, 0, one.properties},
          {blob, 0, one.payload}};
  row.push_back({});
  row.back() = {integer, queue_table().sum_of(row), {}};
  Table::bind(insert_, row);
  if (auto done = insert_.run(); !done) return done;
  totals.added({change.client_id, change.queue_class, change.number},
               static_cast<std::uint64_t>(bytes));
  return {};
}

// Looked up first: with RETURNING, SQLite builds a table of what was deleted for each statement.
Result<void> QueueTable::remove(const QueuedChange& change, QueueTotals& totals) {
  share_.bind(1, change.client_id);
  share_.bind(2, static_cast<std::int64_t>(change.number));
  const auto found = share_.step();
  if (!found) return found.error();
  if (!*found) return {};
  const auto queue_class = count_at(share_, 0);
  const auto bytes = count_at(share_, 1);
  share_.reset();
  remove_.bind(1, change.client_id);
  remove_.bind(2, static_cast<std::int64_t>(change.number));
  if (auto done = remove_.run(); !done) return done;
  if (queue_class >= kQueueClassCount) return {};
  totals.removed({change.client_id, static_cast<QueueClass>(queue_class), 0}, {1, bytes, 0});
  return {};
}

Result<std::uint64_t> QueueTable::remove_oldest(const Oldest& which, QueueTotals& totals) {
  remove_oldest_.bind(1, which.client_id);
  remove_oldest_.bind(2, static_cast<std::int64_t>(which.from));
  remove_oldest_.bind(3, static_cast<std::int64_t>(which.queue_class));
  remove_oldest_.bind(4, static_cast<std::int64_t>(which.most));
  QueueTotals::Share gone;
  std::uint64_t last = which.from;
  auto more = remove_oldest_.step();
  for (; more && *more; more = remove_oldest_.step()) {
    ++gone.messages;
    gone.bytes += count_at(remove_oldest_, 1);
    last = std::max(last, count_at(remove_oldest_, 0));
  }
  if (!more) return more.error();
  totals.removed({which.client_id, which.queue_class, last + 1}, gone);
  return gone.messages;
}

}  // namespace watchpost::spool

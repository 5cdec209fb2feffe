#include "spool/tables/queue_before_7.hpp"

#include <utility>
#include <vector>

#include "spool/tables/pragmas.hpp"
#include "spool/tables/publication_columns.hpp"
#include "spool/tables/queue_table.hpp"

namespace watchpost::spool {
namespace {

using enum ColumnValue::Type;

constexpr std::int64_t kRowsPerMove = 1'000;
constexpr std::size_t kOldPublication = 4;
constexpr std::size_t kOldIdentifiers = 9;

class QueueRowsBefore7 final : public Table {
 public:
  QueueRowsBefore7()
      : Table({"queued",
               {{"client_id", text},
                {"number"},
                {"topic", text},
                {"qos"},
                {"payload", blob},
                {"published_qos"},
                {"retain"},
                {"properties", blob},
                {"publisher", text},
                {"identifiers", blob},
                {"as_retained"},
                {"released"},
                {"lifetime_s"},
                {"sum"}},
               2}) {}
};

struct QueueBefore7 {
  sqlite::Statement first;   // rows with when they end
  sqlite::Statement remove;  // up to a row
  QueueTable queue;
};

QueuedChange change_of(const Row& row, std::int64_t ends_at_s) {
  QueuedChange change;
  change.kind = row[kOldIdentifiers + 2].integer != 0 ? QueuedChange::Kind::released
                                                      : QueuedChange::Kind::added;
  change.client_id = row[0].bytes;
  change.number = static_cast<std::uint64_t>(row[1].integer);
  change.delivery = {publication_at(row, kOldPublication, row[2].bytes),
                     static_cast<Qos>(row[3].integer), row[kOldIdentifiers + 1].integer != 0,
                     unpacked_numbers(row[kOldIdentifiers].bytes)};
  change.lifetime = std::chrono::seconds{row[kOldIdentifiers + 3].integer};
  change.ends_at_s = ends_at_s;
  return change;
}

// False: that was all.
Result<bool> move_some_before_7(const Table& old, QueueBefore7& from) {
  QueueTotals totals;  // counted when all is moved
  std::string client_id;
  std::int64_t number = 0;
  std::int64_t rows = 0;
  from.first.bind(1, kRowsPerMove);
  auto more = from.first.step();
  for (; more && *more; more = from.first.step()) {
    const Row row = old.row_at(from.first);
    ++rows;
    client_id = row[0].bytes;
    number = row[1].integer;
    if (!old.recognises(row)) continue;
    const auto ends_at_s = from.first.optional_integer(static_cast<int>(old.columns().size()));
    auto written = from.queue.write(Fact(change_of(row, ends_at_s.value_or(0))), totals);
    if (!written) return written.error();
  }
  if (!more) return more.error();
  if (rows == 0) return false;
  from.remove.bind(1, client_id);
  from.remove.bind(2, number);
  if (auto done = from.remove.run(); !done) return done.error();
  return rows == kRowsPerMove;
}

Result<QueueBefore7> open_before_7(sqlite::Database& database) {
  QueueBefore7 old;
  auto queue = QueueTable::open(database);
  if (!queue) return queue.error();
  old.queue = std::move(*queue);
  const sqlite::Database::Wanted wanted[] = {
      {&old.first,
       "SELECT queued.*, (SELECT at_s FROM deadline WHERE kind = 1 AND name = client_id AND "
       "deadline.number = queued.number) FROM queued ORDER BY client_id, number LIMIT ?1"},
      {&old.remove, "DELETE FROM queued WHERE (client_id, number) <= (?1, ?2)"}};
  if (auto done = database.prepare_all(wanted); !done) return done.error();
  return old;
}

}  // namespace

Result<void> move_queue_before_7(sqlite::Database& database) {
  const auto there = database.query_integer(
      "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'queued'");
  if (!there) return there.error();
  if (*there == 0) return {};
  const QueueRowsBefore7 rows;
  {
    auto old = open_before_7(database);
    if (!old) return old.error();
    for (bool has_more = true; has_more;) {
      if (auto done = database.execute(sql::kBegin); !done) return done;
      const auto moved = move_some_before_7(rows, *old);
      if (!moved) return moved.error();
      if (auto done = database.execute(sql::kCommit); !done) return done;
      // So that the WAL does not become as long as the queue.
      auto left = database.checkpoint(sqlite::Database::Checkpoint::passive);
      if (!left) return left.error();
      has_more = *moved;
    }
  }
  if (auto done = database.execute(sql::kBegin); !done) return done;
  auto done = database.execute("DELETE FROM deadline WHERE kind = 1");
  if (done) done = database.execute("DROP TABLE queued");
  if (done) done = database.execute(sql::kCommit);
  return done;
}

}  // namespace watchpost::spool

// client_queue: the messages that persistent sessions of the listener are still to get, one row for
// each client and message, numbered per client in the order of arrival.
// Promise: a row is believed only where SQLite itself would read it: an older one could bring back
// what its client has acknowledged. Rows without a session go after a salvage. QueueTable: on the
// writing connection, spool thread, and the totals always fit the rows; read_queued: reader thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "model/fact.hpp"
#include "spool/room/queue_totals.hpp"
#include "spool/tables/table.hpp"

namespace watchpost::spool {

[[nodiscard]] const Table& queue_table();

// SQL: the rows of client ?1 past number ?2, ?3 at most, in the order of their numbers.
[[nodiscard]] std::string select_queued();
struct QueuedRow {
  std::uint64_t number = 0;
  std::optional<StoredQueued> message;  // nothing where the checksum does not fit
};
[[nodiscard]] QueuedRow read_queued(const sqlite::Statement& row);

class QueueTable {
 public:
  QueueTable() = default;
  [[nodiscard]] static Result<QueueTable> open(sqlite::Database& database);

  // Reads the whole table once: what is there of each client.
  [[nodiscard]] Result<void> count(QueueTotals& totals);
  // A fact of another kind is left alone.
  [[nodiscard]] Result<void> write(const Fact& fact, QueueTotals& totals);

  struct Oldest {
    std::string client_id;
    QueueClass queue_class{};
    std::uint64_t from = 0;  // no message of the class has a lower number
    std::uint64_t most = 0;  // rows
  };
  // Removes them. Returns how many there were; fewer than asked for: there are no more.
  [[nodiscard]] Result<std::uint64_t> remove_oldest(const Oldest& which, QueueTotals& totals);

 private:
  [[nodiscard]] Result<void> write(const QueuedChange& change, QueueTotals& totals);
  [[nodiscard]] Result<void> insert(const QueuedChange& change, QueueTotals& totals);
  [[nodiscard]] Result<void> remove(const QueuedChange& change, QueueTotals& totals);
  sqlite::Statement insert_, share_, remove_, remove_all_, remove_oldest_, count_;
};

}  // namespace watchpost::spool

// log_table: the log of one class, one row for each record.
// `seq` is dense and is the rowid, so that appending never searches. `position` is how many bytes
// the log held before the row, so that the bytes of a log are one subtraction. The checksum is over
// the record and its class, not over `position`: a row found on a stray page tells its own log.
// Promise: what does not fit its checksum is no record. LogTable: spool thread.
#pragma once

#include <cstdint>
#include <optional>

#include "model/record.hpp"
#include "model/seq_range.hpp"
#include "spool/room/space.hpp"
#include "spool/tables/record_columns.hpp"
#include "spool/tables/table.hpp"

namespace watchpost::spool {

[[nodiscard]] const Table& log_table(EventClass event_class);

// The record of a row in the order of the columns; nothing where the checksum does not fit.
[[nodiscard]] std::optional<Record> read_log_row(const Row& row, EventClass event_class);
// SQL: the records past ?1 in their order, ?2 at most.
[[nodiscard]] std::string select_records(EventClass event_class);
// A row that select_records gave.
[[nodiscard]] std::optional<Record> read_log_row(const sqlite::Statement& row,
                                                 EventClass event_class);

// The log on the writing connection.
class LogTable {
 public:
  LogTable() = default;
  [[nodiscard]] static Result<LogTable> open(sqlite::Database& database, EventClass event_class);

  // Returns what the row counts as: as size_of_row, but packed.
  [[nodiscard]] Result<std::uint64_t> insert(const Record& record, std::uint64_t position);
  [[nodiscard]] Result<void> remove(const Removal& removal);
  struct RowStart {
    Seq seq;
    std::uint64_t position = 0;
  };
  // The first row from `seq` on.
  [[nodiscard]] Result<std::optional<RowStart>> first_from(Seq seq);
  struct Newest {
    Seq seq;
    std::optional<Record> record;  // nothing: it does not fit its checksum
    std::uint64_t end = 0;         // the position behind it
  };
  [[nodiscard]] Result<std::optional<Newest>> newest();
  // The epoch of the last row up to `seq`.
  [[nodiscard]] Result<std::optional<Epoch>> epoch_at(Seq seq);
  // The first row of the range that is of another epoch than `epoch`.
  [[nodiscard]] Result<std::optional<Seq>> other_epoch(SeqRange range, const Epoch& epoch);

 private:
  EventClass event_class_ = EventClass::telemetry;
  sqlite::Statement insert_, remove_, first_, newest_, epoch_at_, other_epoch_;
};

}  // namespace watchpost::spool

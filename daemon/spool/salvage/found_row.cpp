#include "spool/salvage/found_row.hpp"

#include <chrono>
#include <initializer_list>
#include <vector>

#include "spool/tables/log_row.hpp"
#include "spool/tables/row_sum.hpp"

namespace watchpost::spool {
namespace {

using Columns = std::vector<ColumnValue>;
using Type = ColumnValue::Type;

bool are(const Columns& columns, std::size_t first, std::initializer_list<Type> types) {
  for (const Type type : types) {
    if (first >= columns.size() || columns[first++].type != type) return false;
  }
  return true;
}

Epoch epoch_at(const ColumnValue& column) {
  return epoch_from(static_cast<std::uint32_t>(column.integer));
}
Seq seq_at(const ColumnValue& column) {
  return Seq{static_cast<std::uint64_t>(column.integer)};
}
WallTime time_at(const ColumnValue& column) {
  return WallTime{std::chrono::nanoseconds{column.integer}};
}
std::optional<EventClass> class_at(const ColumnValue& column) {
  if (column.integer < 0 || column.integer >= static_cast<std::int64_t>(kEventClassCount)) {
    return std::nullopt;
  }
  return static_cast<EventClass>(column.integer);
}

// The ten columns from `domain` to `annotation`, which all versions have alike.
bool read_body(const Columns& columns, std::size_t at, Record& record) {
  using enum ColumnValue::Type;
  if (!are(columns, at, {integer, integer, integer, integer, integer})) return false;
  const ColumnValue& observed = columns[at + 5];
  if (observed.type != null && observed.type != integer) return false;
  if (!are(columns, at + 6, {text, text, blob, text})) return false;
  record.domain = static_cast<Domain>(columns[at].integer);
  record.severity_number = static_cast<std::uint8_t>(columns[at + 1].integer);
  record.clock = static_cast<ClockQuality>(columns[at + 3].integer);
  record.received_at = time_at(columns[at + 4]);
  if (observed.type == integer) record.observed_at = time_at(observed);
  record.device = columns[at + 6].bytes;
  record.topic = columns[at + 7].bytes;
  if (!read_content(columns[at + 8].bytes, columns[at + 9].bytes, record)) return false;
  record.type = record_type_from(columns[at + 2].integer, record);
  return true;
}

// The log is the one with whose class the sum fits.
std::optional<FoundRow> record_with(FoundRecord found, std::int64_t sum) {
  for (const auto event_class : kEventClasses) {
    found.record.event_class = event_class;
    const auto fitting = found.has_epoch ? row_sum(found.record) : row_sum_1(found.record);
    if (fitting == sum) return found;
  }
  return std::nullopt;
}

std::optional<FoundRow> read_record(const Cell& cell, const Columns& columns) {
  using enum ColumnValue::Type;
  FoundRecord found;
  found.has_epoch = columns.size() == 14;
  const std::size_t body = found.has_epoch ? 3 : 1;
  if (cell.rowid <= 0 || columns[0].type != null || columns.back().type != integer ||
      !read_body(columns, body, found.record)) {
    return std::nullopt;
  }
  found.record.seq = Seq{static_cast<std::uint64_t>(cell.rowid)};
  if (found.has_epoch) {
    if (!are(columns, 1, {integer, integer})) return std::nullopt;
    found.record.epoch = epoch_at(columns[1]);
  }
  return record_with(std::move(found), columns.back().integer);
}

std::optional<FoundRow> read_store(const Columns& columns) {
  using enum ColumnValue::Type;
  if (!are(columns, 0, {null, integer, integer, integer, integer, integer, integer})) return {};
  const auto number = [&](std::size_t at) { return columns[at].integer; };
  if (row_sum("store", {number(1), number(2), number(3), number(4), number(5)}) != number(6)) {
    return std::nullopt;
  }
  FoundStore found{epoch_at(columns[1]), {}};
  for (std::size_t i = 0; i < kEventClassCount; ++i) found.first[i] = seq_at(columns[2 + i]);
  return found;
}

// Schema 1 knew no sum of it: eight hexadecimal digits in the one row must do.
std::optional<FoundRow> read_store_1(const Cell& cell, const Columns& columns) {
  if (cell.rowid != 1 || !are(columns, 0, {Type::null, Type::text})) return std::nullopt;
  const Epoch epoch(columns[1].bytes);
  if (epoch.size() != 8 || epoch != epoch_from(number_of(epoch))) return std::nullopt;
  return FoundStore{epoch, {}};
}

std::optional<FoundRow> read_drop(const Cell& cell, const Columns& columns) {
  using enum ColumnValue::Type;
  if (!are(columns, 0, {null, integer, integer, integer, integer, text, integer, integer, integer}))
    return std::nullopt;
  const auto number = [&](std::size_t at) { return columns[at].integer; };
  const auto reason = columns[5].bytes;
  const auto sum = row_sum(
      "drop_ledger", {number(1), number(2), number(3), number(4), reason, number(6), number(7)});
  const auto event_class = class_at(columns[1]);
  if (sum != number(8) || !event_class) return std::nullopt;
  FoundDrop found;
  found.id = cell.rowid;
  found.drop = {*event_class, epoch_at(columns[2]), seq_at(columns[3]), seq_at(columns[4]),
                reason == to_string(DropReason::quota) ? DropReason::quota : DropReason::damage};
  found.when = {time_at(columns[6]), static_cast<ClockQuality>(number(7))};
  return found;
}

std::optional<FoundRow> read_set_aside(const Cell& cell, const Columns& columns) {
  using enum ColumnValue::Type;
  if (!are(columns, 0, {null, text, integer, integer, integer, integer, integer}) ||
      columns.back().type != integer) {
    return std::nullopt;
  }
  const auto event_class = class_at(columns[4]);
  FoundSetAside found;
  found.id = cell.rowid;
  if (!event_class || !read_body(columns, 7, found.record)) return std::nullopt;
  found.upstream = columns[1].bytes;
  found.reason_code = columns[2].integer;
  found.when.wall = time_at(columns[3]);
  found.record.event_class = *event_class;
  found.record.seq = seq_at(columns[5]);
  found.record.epoch = epoch_at(columns[6]);
  const auto sum = row_sum("set_aside", {columns[1].bytes, found.reason_code, columns[3].integer,
                                         row_sum(found.record)});
  if (sum != columns.back().integer) return std::nullopt;
  return found;
}

// Tables without rowids: their key comes first, as it does in the schema.
std::optional<FoundRow> read_keyed(const Columns& columns) {
  using enum ColumnValue::Type;
  if (are(columns, 0, {text, integer, integer, integer}) && columns.size() == 4) {
    const auto sum = row_sum("cursor", {columns[0].bytes, columns[1].integer, columns[2].integer});
    const auto event_class = class_at(columns[1]);
    if (sum != columns[3].integer || !event_class) return std::nullopt;
    return FoundCursor{{std::string(columns[0].bytes), *event_class, seq_at(columns[2])}};
  }
  if (!are(columns, 0, {text, integer, integer}) || columns.size() != 3) return std::nullopt;
  const std::string client_id(columns[0].bytes);
  if (row_sum("session", {client_id, columns[1].integer}) == columns[2].integer) {
    return FoundSession{client_id, columns[1].integer};
  }
  if (row_sum("session_packet_id", {client_id, columns[1].integer}) == columns[2].integer) {
    return FoundPacketId{client_id, columns[1].integer};
  }
  return std::nullopt;
}

}  // namespace

std::optional<FoundRow> read_found(const Cell& cell, std::string_view payload) {
  const auto columns = read_columns(payload);
  if (!columns) return std::nullopt;
  if (!cell.has_rowid) return read_keyed(*columns);
  switch (columns->size()) {
    case 14:
    case 12:
      return read_record(cell, *columns);
    case 18:
      return read_set_aside(cell, *columns);
    case 9:
      return read_drop(cell, *columns);
    case 7:
      return read_store(*columns);
    case 2:
      return read_store_1(cell, *columns);
    default:
      return std::nullopt;
  }
}

}  // namespace watchpost::spool

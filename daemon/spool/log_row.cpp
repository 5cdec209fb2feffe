#include "spool/log_row.hpp"

#include "spool/row_sum.hpp"

namespace watchpost::spool {
namespace {

std::int64_t nanoseconds_of(WallTime time) {
  return time.time_since_epoch().count();
}
WallTime wall_time_of(std::int64_t nanoseconds) {
  return WallTime{std::chrono::nanoseconds{nanoseconds}};
}

}  // namespace

void bind_row(sqlite::Statement& insert, const Record& record) {
  insert.bind(1, static_cast<std::int64_t>(record.seq.value));
  insert.bind(2, static_cast<std::int64_t>(record.domain));
  insert.bind(3, static_cast<std::int64_t>(record.severity_number));
  insert.bind(4, record.decoded ? std::int64_t{1} : std::int64_t{0});
  insert.bind(5, static_cast<std::int64_t>(record.clock));
  insert.bind(6, nanoseconds_of(record.received_at));
  if (record.observed_at) {
    insert.bind(7, nanoseconds_of(*record.observed_at));
  } else {
    insert.bind_null(7);
  }
  insert.bind(8, record.device);
  insert.bind(9, record.topic);
  insert.bind_bytes(10, record.payload);
  insert.bind(11, record.annotation);
  insert.bind(12, row_sum(record));
}

std::optional<Record> read_row(const sqlite::Statement& row, EventClass event_class) {
  Record record;
  record.event_class = event_class;
  record.seq = Seq{static_cast<std::uint64_t>(row.integer(0))};
  record.domain = static_cast<Domain>(row.integer(1));
  record.severity_number = static_cast<std::uint8_t>(row.integer(2));
  record.decoded = row.integer(3) != 0;
  record.clock = static_cast<ClockQuality>(row.integer(4));
  record.received_at = wall_time_of(row.integer(5));
  if (const auto observed_at = row.optional_integer(6)) {
    record.observed_at = wall_time_of(*observed_at);
  }
  record.device = row.text(7);
  record.topic = row.text(8);
  record.payload = row.bytes(9);
  record.annotation = row.text(10);
  if (row_sum(record) != row.integer(11)) return std::nullopt;
  return record;
}

}  // namespace watchpost::spool

#include "spool/tables/log_row.hpp"

#include <utility>

#include "spool/tables/row_content.hpp"
#include "spool/tables/row_sum.hpp"

namespace watchpost::spool {
namespace {

// sizeof of the numbers of a row, its header and its cell in the page.
constexpr std::uint64_t kRowOverhead = 72;

std::int64_t nanoseconds_of(WallTime time) {
  return time.time_since_epoch().count();
}
WallTime wall_time_of(std::int64_t nanoseconds) {
  return WallTime{std::chrono::nanoseconds{nanoseconds}};
}

// From `domain` to `annotation`; `at` is the place of `domain`. Returns the size of the content.
std::size_t bind_body(sqlite::Statement& insert, const Record& record, int at) {
  insert.bind(at, static_cast<std::int64_t>(record.domain));
  insert.bind(at + 1, static_cast<std::int64_t>(record.severity_number));
  insert.bind(at + 2, stored_number(record.type));
  insert.bind(at + 3, static_cast<std::int64_t>(record.clock));
  insert.bind(at + 4, nanoseconds_of(record.received_at));
  if (record.observed_at) {
    insert.bind(at + 5, nanoseconds_of(*record.observed_at));
  } else {
    insert.bind_null(at + 5);
  }
  insert.bind(at + 6, record.device);
  insert.bind(at + 7, record.topic);
  const std::string_view packed = pack(record.payload, record.annotation);
  insert.bind_bytes(at + 8, packed);
  insert.bind(at + 9, std::string_view{});
  return packed.size();
}

// False where the content cannot be unpacked.
bool read_body(const sqlite::Statement& row, Record& record, int at) {
  record.domain = static_cast<Domain>(row.integer(at));
  record.severity_number = static_cast<std::uint8_t>(row.integer(at + 1));
  record.clock = static_cast<ClockQuality>(row.integer(at + 3));
  record.received_at = wall_time_of(row.integer(at + 4));
  if (const auto observed_at = row.optional_integer(at + 5)) {
    record.observed_at = wall_time_of(*observed_at);
  }
  record.device = row.text(at + 6);
  record.topic = row.text(at + 7);
  if (!read_content(row.bytes(at + 8), row.text(at + 9), record)) return false;
  record.type = record_type_from(row.integer(at + 2), record);
  return true;
}

Epoch epoch_of(const sqlite::Statement& row, int at) {
  return epoch_from(static_cast<std::uint32_t>(row.integer(at)));
}

}  // namespace

std::uint64_t size_of_row(const Record& record) {
  return kRowOverhead + record.device.size() + record.topic.size() + record.payload.size() +
         record.annotation.size();
}

bool read_content(std::string_view payload, std::string_view annotation, Record& record) {
  // Up to version 2 the columns held what their names say, and no annotation was empty.
  if (!annotation.empty()) {
    record.payload = payload;
    record.annotation = annotation;
    return true;
  }
  auto content = unpack(payload);
  if (!content) return false;
  record.payload = std::move(content->payload);
  record.annotation = std::move(content->annotation);
  return true;
}

std::uint64_t bind_row(sqlite::Statement& insert, const Record& record, std::uint64_t position) {
  insert.bind(1, static_cast<std::int64_t>(record.seq.value));
  insert.bind(2, std::int64_t{number_of(record.epoch)});
  insert.bind(3, static_cast<std::int64_t>(position));
  const auto content = bind_body(insert, record, 4);
  insert.bind(14, row_sum(record));
  return kRowOverhead + record.device.size() + record.topic.size() + content;
}

std::uint64_t size_of_stored(const sqlite::Statement& row) {
  return kRowOverhead + row.text(9).size() + row.text(10).size() + row.bytes(11).size() +
         row.text(12).size();
}

std::optional<Record> read_row(const sqlite::Statement& row, EventClass event_class) {
  Record record;
  record.event_class = event_class;
  record.seq = Seq{static_cast<std::uint64_t>(row.integer(0))};
  record.epoch = epoch_of(row, 1);
  if (!read_body(row, record, 3) || row_sum(record) != row.integer(13)) return std::nullopt;
  return record;
}

void bind_copy(sqlite::Statement& insert, const Record& record, int at) {
  insert.bind(at, std::int64_t{number_of(record.epoch)});
  (void)bind_body(insert, record, at + 1);
}

std::optional<Record> read_copy(const sqlite::Statement& row, int at) {
  Record record;
  record.epoch = epoch_of(row, at);
  if (!read_body(row, record, at + 1)) return std::nullopt;
  return record;
}

}  // namespace watchpost::spool

#include "spool/tables/record_columns.hpp"

#include <utility>

#include "spool/tables/as_integer.hpp"
#include "spool/tables/row_content.hpp"

namespace watchpost::spool {
namespace {

// sizeof of the numbers of a row, its header and its cell in the page.
constexpr std::uint64_t kRowOverhead = 72;

}  // namespace

std::uint64_t size_of_row(const Record& record) {
  return size_of_row(record, record.payload.size() + record.annotation.size());
}

std::uint64_t size_of_row(const Record& record, std::uint64_t packed) {
  return kRowOverhead + record.device.size() + record.topic.size() + packed;
}

void add_record_columns(std::vector<Column>& columns) {
  using enum ColumnValue::Type;
  for (const Column& column :
       {Column{"domain"}, Column{"severity"}, Column{"decoded"}, Column{"clock"},
        Column{"received_at"}, Column{"observed_at", integer, true}, Column{"device", text},
        Column{"topic", text}, Column{"payload", blob}, Column{"annotation", text}}) {
    columns.push_back(column);
  }
}

std::size_t bind_record(sqlite::Statement& insert, const Record& record, int at) {
  insert.bind(at, static_cast<std::int64_t>(record.domain));
  insert.bind(at + 1, static_cast<std::int64_t>(record.severity_number));
  insert.bind(at + 2, stored_number(record.type));
  insert.bind(at + 3, static_cast<std::int64_t>(record.clock));
  insert.bind(at + 4, as_integer(record.received_at));
  if (record.observed_at) {
    insert.bind(at + 5, as_integer(*record.observed_at));
  } else {
    insert.bind_null(at + 5);
  }
  insert.bind(at + 6, record.device);
  insert.bind(at + 7, record.topic);
  const std::string_view packed =
      pack({.payload = record.payload, .annotation = record.annotation});
  insert.bind_bytes(at + 8, packed);
  insert.bind(at + 9, std::string_view{});
  return packed.size();
}

bool read_record(const Row& row, std::size_t at, Record& record) {
  record.domain = static_cast<Domain>(row[at].integer);
  record.severity_number = static_cast<std::uint8_t>(row[at + 1].integer);
  record.clock = static_cast<ClockQuality>(row[at + 3].integer);
  record.received_at = time_of(row[at + 4]);
  if (row[at + 5].type == ColumnValue::Type::integer) record.observed_at = time_of(row[at + 5]);
  record.device = row[at + 6].bytes;
  record.topic = row[at + 7].bytes;
  auto content = unpack(row[at + 8].bytes);
  if (!content || !row[at + 9].bytes.empty()) return false;
  record.payload = std::move(content->payload);
  record.annotation = std::move(content->annotation);
  record.type = record_type_from(row[at + 2].integer, record);
  return true;
}

}  // namespace watchpost::spool

#include "spool/tables/set_aside_table.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "spool/tables/as_integer.hpp"
#include "spool/tables/record_columns.hpp"
#include "spool/tables/row_sum.hpp"

namespace watchpost::spool {
namespace {

using enum ColumnValue::Type;

constexpr std::size_t kUpstream = 1, kReasonCode = 2, kSetAsideAt = 3, kClass = 4, kSeq = 5,
                      kEpoch = 6, kSetAsideBody = 7;

std::vector<Column> columns_of_copies() {
  std::vector<Column> columns{
      {"id"}, {"upstream", text}, {"reason_code"}, {"set_aside_at"}, {"class"}, {"seq"}, {"epoch"}};
  add_record_columns(columns);
  columns.push_back({"sum"});
  return columns;
}

// Nothing where the content cannot be unpacked.
std::optional<Record> record_in(const Row& row) {
  Record record;
  record.event_class = class_of(row[kClass]).value_or(EventClass::telemetry);
  record.seq = seq_of(row[kSeq]);
  record.epoch = epoch_of(row[kEpoch]);
  if (!read_record(row, kSetAsideBody, record)) return std::nullopt;
  return record;
}

std::int64_t sum_of_copy(std::string_view upstream, std::int64_t reason_code, std::int64_t at,
                         const Record& record) {
  return row_sum("set_aside", {upstream, reason_code, at, row_sum(record)});
}

class SetAsideRows final : public Table {
 public:
  SetAsideRows() : Table({"set_aside", columns_of_copies(), 0, "UNIQUE (upstream, class, seq)"}) {}

  [[nodiscard]] bool is_plausible(const Row& row) const override {
    return class_of(row[kClass]).has_value();
  }
  [[nodiscard]] std::int64_t sum_of(const Row& row) const override {
    const auto record = record_in(row);
    if (!record) return ~row.back().integer;  // what cannot be unpacked fits no sum
    return sum_of_copy(row[kUpstream].bytes, row[kReasonCode].integer, row[kSetAsideAt].integer,
                       *record);
  }
  // One that was taken back meanwhile is offered once more, which harms nobody.
  [[nodiscard]] Believed believed() const override { return Believed::anywhere; }
  void learn(const Row& row, Salvaged& salvaged) const override {
    salvaged.note_number(*class_of(row[kClass]), seq_of(row[kSeq]));
  }
  [[nodiscard]] Finding damaged(const Row& row) const override {
    return {fmt::format("Damaged: the copy {} of a record that upstream {} refused", row[0].integer,
                        row[kUpstream].bytes),
            kCheckDisk};
  }
};

}  // namespace

const Table& set_aside_table() {
  static const SetAsideRows kTable;
  return kTable;
}

std::string select_set_aside() {
  return "SELECT * FROM set_aside WHERE upstream = ?1 AND id > ?2 ORDER BY id LIMIT ?3";
}

std::optional<SetAside> read_set_aside(const sqlite::Statement& statement) {
  const Row row = set_aside_table().row_at(statement);
  if (!set_aside_table().recognises(row)) return std::nullopt;
  SetAside copy;
  copy.id = static_cast<std::uint64_t>(row[0].integer);
  copy.reason_code = static_cast<std::uint8_t>(row[kReasonCode].integer);
  copy.record = record_in(row).value_or(Record{});
  return copy;
}

Result<SetAsideTable> SetAsideTable::open(sqlite::Database& database) {
  SetAsideTable table;
  table.database_ = &database;
  const sqlite::Database::Wanted wanted[] = {
      {&table.insert_, set_aside_table().insert_sql("INSERT OR IGNORE")},
      {&table.remove_, "DELETE FROM set_aside WHERE upstream = ?1 AND id = ?2"},
      {&table.count_,
       "SELECT upstream, class, count(*), sum(length(payload) + length(annotation)), max(id)"
       " FROM set_aside GROUP BY upstream, class"}};
  if (auto done = database.prepare_all(wanted); !done) return done.error();
  return table;
}

Result<bool> SetAsideTable::add(const SetAsideCopy& copy, Moment now, std::uint64_t id) {
  const Record& record = copy.record;
  const std::int64_t code{copy.reason_code};
  const auto at = as_integer(now.wall);
  insert_.bind(1, static_cast<std::int64_t>(id));
  insert_.bind(2, copy.upstream);
  insert_.bind(3, code);
  insert_.bind(4, at);
  insert_.bind(5, as_integer(record.event_class));
  insert_.bind(6, as_integer(record.seq));
  insert_.bind(7, std::int64_t{number_of(record.epoch)});
  (void)bind_record(insert_, record, 1 + static_cast<int>(kSetAsideBody));
  insert_.bind(18, sum_of_copy(copy.upstream, code, at, record));
  if (auto inserted = insert_.run(); !inserted) return inserted.error();
  return database_->changes() > 0;
}

Result<void> SetAsideTable::take_back(const TakeBack& taken) {
  remove_.bind(1, taken.upstream);
  remove_.bind(2, static_cast<std::int64_t>(taken.id));
  return remove_.run();
}

Result<SetAsideTable::Counted> SetAsideTable::count() {
  Counted counted;
  auto more = count_.step();
  for (; more && *more; more = count_.step()) {
    const auto event_class = static_cast<std::size_t>(count_.integer(1));
    if (event_class >= kEventClassCount) continue;
    SetAsideCount& count = counted.counts[std::string(count_.text(0))];
    count.records[event_class] = static_cast<std::uint64_t>(count_.integer(2));
    count.bytes.value += static_cast<std::uint64_t>(count_.integer(3));
    counted.last_id = std::max(counted.last_id, static_cast<std::uint64_t>(count_.integer(4)));
  }
  if (!more) return more.error();
  return counted;
}

}  // namespace watchpost::spool

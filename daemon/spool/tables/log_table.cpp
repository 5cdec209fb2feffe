#include "spool/tables/log_table.hpp"

#include <fmt/format.h>

#include <array>

#include "spool/tables/as_integer.hpp"
#include "spool/tables/log_check.hpp"
#include "spool/tables/row_sum.hpp"

namespace watchpost::spool {
namespace {

constexpr std::size_t kLogBody = 3;  // place of `domain`

std::string name_of(EventClass event_class) {
  return fmt::format("log_{}", to_string(event_class));
}

std::vector<Column> columns_of_log() {
  std::vector<Column> columns{{"seq"}, {"epoch"}, {"position"}};
  add_record_columns(columns);
  columns.push_back({"sum"});
  return columns;
}

class LogOfClass final : public Table {
 public:
  LogOfClass(std::string_view name, EventClass event_class)
      : Table({name, columns_of_log()}), event_class_(event_class) {}

  [[nodiscard]] bool is_plausible(const Row& row) const override { return row[0].integer > 0; }
  [[nodiscard]] std::int64_t sum_of(const Row& row) const override {
    Record record;
    const bool is_whole = read(row, record);
    const auto sum = row_sum(record);
    return is_whole ? sum : ~row.back().integer;  // what cannot be unpacked fits no sum
  }

  // A record is never changed, and each is wanted.
  [[nodiscard]] Believed believed() const override { return Believed::anywhere; }
  void learn(const Row& row, Salvaged& salvaged) const override {
    const Seq seq = seq_of(row[0]);
    salvaged.note_number(event_class_, seq);
    if (seq <= salvaged.newest) return;
    salvaged.newest = seq;
    salvaged.newest_epoch = epoch_of(row[1]);
  }
  [[nodiscard]] bool is_kept(const Row& /*row*/, const Wanted& wanted) const override {
    return wanted.down_to && event_class_ <= *wanted.down_to;
  }
  // Positions, and what is missing between two rows.
  [[nodiscard]] Result<void> complete(sqlite::Database& database,
                                      Salvaged& salvaged) const override;

  [[nodiscard]] std::unique_ptr<TableCheck> begin_check(sqlite::Database& database,
                                                        const StoreView& view) const override {
    return std::make_unique<LogCheck>(database, view, event_class_);
  }

  [[nodiscard]] bool read(const Row& row, Record& record) const {
    record.event_class = event_class_;
    record.seq = seq_of(row[0]);
    record.epoch = epoch_of(row[1]);
    return read_record(row, kLogBody, record);
  }

 private:
  struct Size {
    std::int64_t seq = 0;
    std::uint64_t texts = 0;
  };
  [[nodiscard]] static Result<std::vector<Size>> some_sizes(sqlite::Statement& select,
                                                            std::int64_t after);
  EventClass event_class_;
};

const LogOfClass& log_of(EventClass event_class) {
  static const LogOfClass kAlarm("log_alarm", EventClass::alarm);
  static const LogOfClass kPatrol("log_patrol", EventClass::patrol);
  static const LogOfClass kStatus("log_status", EventClass::status);
  static const LogOfClass kTelemetry("log_telemetry", EventClass::telemetry);
  static const std::array kLogs{&kAlarm, &kPatrol, &kStatus, &kTelemetry};
  return *kLogs[index_of(event_class)];
}

Result<std::vector<LogOfClass::Size>> LogOfClass::some_sizes(sqlite::Statement& select,
                                                             std::int64_t after) {
  std::vector<Size> sizes;
  select.bind(1, after);
  auto more = select.step();
  for (; more && *more; more = select.step()) {
    sizes.push_back({select.integer(0), static_cast<std::uint64_t>(select.integer(1))});
  }
  if (!more) return more.error();
  return sizes;
}

Result<void> LogOfClass::complete(sqlite::Database& database, Salvaged& salvaged) const {
  auto select = database.prepare(fmt::format(
      "SELECT seq, length(CAST(device AS BLOB)) + length(CAST(topic AS BLOB)) + length(payload)"
      " FROM {} WHERE seq > ?1 ORDER BY seq LIMIT 1000",
      name()));
  if (!select) return select.error();
  auto update = database.prepare(fmt::format("UPDATE {} SET position = ?2 WHERE seq = ?1", name()));
  if (!update) return update.error();
  std::uint64_t position = 0;
  std::int64_t last = 0;
  for (auto sizes = some_sizes(*select, last); true; sizes = some_sizes(*select, last)) {
    if (!sizes) return sizes.error();
    if (sizes->empty()) break;
    salvaged.records += sizes->size();
    if (salvaged.still_at_it) salvaged.still_at_it();
    for (const auto& [seq, texts] : *sizes) {
      update->bind(1, seq);
      update->bind(2, static_cast<std::int64_t>(position));
      if (auto done = update->run(); !done) return done;
      position += size_of_row(Record{}, texts);
      if (last > 0 && seq > last + 1) {
        salvaged.holes.push_back({event_class_, Seq{static_cast<std::uint64_t>(last) + 1},
                                  Seq{static_cast<std::uint64_t>(seq) - 1}});
      }
      last = seq;
    }
  }
  salvaged.last_row[index_of(event_class_)] = Seq{static_cast<std::uint64_t>(last)};
  return {};
}

template <class Value, class Read>
Result<std::optional<Value>> first_row(sqlite::Statement& select, const Read& read) {
  auto row = select.step();
  if (!row) return row.error();
  if (!*row) return std::optional<Value>{};
  std::optional<Value> value = read();
  select.reset();
  return value;
}

}  // namespace

const Table& log_table(EventClass event_class) {
  return log_of(event_class);
}

std::optional<Record> read_log_row(const Row& row, EventClass event_class) {
  Record record;
  if (!log_of(event_class).read(row, record)) return std::nullopt;
  if (row_sum(record) != row.back().integer) return std::nullopt;
  return record;
}

std::optional<Record> read_log_row(const sqlite::Statement& row, EventClass event_class) {
  return read_log_row(log_of(event_class).row_at(row), event_class);
}

std::string select_records(EventClass event_class) {
  std::string columns;
  for (const Column& column : log_of(event_class).columns()) {
    columns += fmt::format("{}{}", columns.empty() ? "" : ", ", column.name);
  }
  return fmt::format("SELECT {} FROM {} WHERE seq > ?1 ORDER BY seq LIMIT ?2", columns,
                     name_of(event_class));
}

Result<LogTable> LogTable::open(sqlite::Database& database, EventClass event_class) {
  LogTable log;
  log.event_class_ = event_class;
  const std::string name = name_of(event_class);
  const sqlite::Database::Wanted wanted[] = {
      {&log.insert_, log_of(event_class).insert_sql("INSERT")},
      {&log.remove_, fmt::format("DELETE FROM {} WHERE seq >= ?1 AND seq < ?2", name)},
      {&log.first_,
       fmt::format("SELECT seq, position FROM {} WHERE seq >= ?1 ORDER BY seq LIMIT 1", name)},
      {&log.newest_, fmt::format("SELECT * FROM {} ORDER BY seq DESC LIMIT 1", name)},
      {&log.epoch_at_,
       fmt::format("SELECT epoch FROM {} WHERE seq <= ?1 ORDER BY seq DESC LIMIT 1", name)},
      {&log.other_epoch_, fmt::format("SELECT seq FROM {} WHERE seq >= ?1 AND seq <= ?2 AND epoch "
                                      "<> ?3 ORDER BY seq LIMIT 1",
                                      name)}};
  if (auto done = database.prepare_all(wanted); !done) return done.error();
  return log;
}

Result<std::uint64_t> LogTable::insert(const Record& record, std::uint64_t position) {
  insert_.bind(1, as_integer(record.seq));
  insert_.bind(2, std::int64_t{number_of(record.epoch)});
  insert_.bind(3, static_cast<std::int64_t>(position));
  const auto packed = bind_record(insert_, record, 1 + static_cast<int>(kLogBody));
  insert_.bind(14, row_sum(record));
  if (auto done = insert_.run(); !done) return done.error();
  return size_of_row(record, packed);
}

Result<void> LogTable::remove(const Removal& removal) {
  remove_.bind(1, as_integer(removal.first));
  remove_.bind(2, as_integer(removal.end));
  return remove_.run();
}

Result<std::optional<LogTable::RowStart>> LogTable::first_from(Seq seq) {
  first_.bind(1, as_integer(seq));
  return first_row<RowStart>(first_, [this] {
    return RowStart{Seq{static_cast<std::uint64_t>(first_.integer(0))},
                    static_cast<std::uint64_t>(first_.integer(1))};
  });
}

Result<std::optional<LogTable::Newest>> LogTable::newest() {
  return first_row<Newest>(newest_, [this] {
    const Row row = log_of(event_class_).row_at(newest_);
    Newest newest{seq_of(row[0]), read_log_row(row, event_class_), 0};
    if (newest.record) {
      newest.end = static_cast<std::uint64_t>(row[2].integer) +
                   size_of_row(*newest.record, row[kLogBody + 8].bytes.size());
    }
    return newest;
  });
}

Result<std::optional<Epoch>> LogTable::epoch_at(Seq seq) {
  epoch_at_.bind(1, as_integer(seq));
  return first_row<Epoch>(
      epoch_at_, [this] { return epoch_from(static_cast<std::uint32_t>(epoch_at_.integer(0))); });
}

Result<std::optional<Seq>> LogTable::other_epoch(SeqRange range, const Epoch& epoch) {
  other_epoch_.bind(1, as_integer(range.first));
  other_epoch_.bind(2, as_integer(range.last));
  other_epoch_.bind(3, std::int64_t{number_of(epoch)});
  return first_row<Seq>(
      other_epoch_, [this] { return Seq{static_cast<std::uint64_t>(other_epoch_.integer(0))}; });
}

}  // namespace watchpost::spool

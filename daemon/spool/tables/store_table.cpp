#include "spool/tables/store_table.hpp"

#include <algorithm>

#include "spool/tables/as_integer.hpp"

namespace watchpost::spool {
namespace {

constexpr std::size_t kFirst = 2;  // place of the number with which the first log begins

StoreRow store_row_of(const Row& row) {
  StoreRow store{epoch_of(row[1]), {}};
  for (std::size_t i = 0; i < kEventClassCount; ++i) store.first[i] = seq_of(row[kFirst + i]);
  return store;
}

class StoreTable final : public Table {
 public:
  StoreTable()
      : Table({"store",
               {{"one"},
                {"epoch"},
                {"first_alarm"},
                {"first_patrol"},
                {"first_status"},
                {"first_telemetry"},
                {"sum"}},
               0,
               "CHECK (one = 1)"}) {}

  [[nodiscard]] bool is_plausible(const Row& row) const override { return row[0].integer == 1; }
  [[nodiscard]] Believed believed() const override { return Believed::anywhere; }
  // The one that is met first is the newest.
  void learn(const Row& row, Salvaged& salvaged) const override {
    const StoreRow found = store_row_of(row);
    for (const auto event_class : kEventClasses) {
      const Seq first = found.first[index_of(event_class)];
      if (first > Seq{}) salvaged.note_number(event_class, Seq{first.value - 1});
    }
    if (!salvaged.store) salvaged.store = found;
  }
  // Written once all is known.
  [[nodiscard]] bool is_kept(const Row& /*row*/, const Wanted& /*wanted*/) const override {
    return false;
  }
  [[nodiscard]] Result<void> complete(sqlite::Database& database,
                                      Salvaged& salvaged) const override {
    StoreRow row = salvaged.store.value_or(StoreRow{salvaged.newest_epoch, {}});
    for (Seq& first : row.first) first = std::max(first, Seq{1});
    return save_store_row(database, row);
  }
  [[nodiscard]] Finding damaged(const Row& /*row*/) const override {
    return {"Damaged: the row that names the epoch", kCheckDisk};
  }
};

}  // namespace

const Table& store_table() {
  static const StoreTable kTable;
  return kTable;
}

Result<StoreRowRead> read_store_row(sqlite::Database& database) {
  auto select = database.prepare("SELECT * FROM store WHERE one = 1");
  if (!select) return select.error();
  const auto is_there = select->step();
  if (!is_there) return is_there.error();
  if (!*is_there) return StoreRowRead{};
  const Row row = store_table().row_at(*select);
  return StoreRowRead{true, store_table().recognises(row), store_row_of(row)};
}

Result<void> save_store_row(sqlite::Database& database, const StoreRow& row) {
  auto save = database.prepare(store_table().insert_sql("INSERT OR REPLACE"));
  if (!save) return save.error();
  Row values(store_table().columns().size());
  for (ColumnValue& value : values) value.type = ColumnValue::Type::integer;
  values[0].integer = 1;
  values[1].integer = std::int64_t{number_of(row.epoch)};
  for (std::size_t i = 0; i < kEventClassCount; ++i) {
    values[kFirst + i].integer = as_integer(row.first[i]);
  }
  values.back().integer = store_table().sum_of(values);
  Table::bind(*save, values);
  return save->run();
}

}  // namespace watchpost::spool

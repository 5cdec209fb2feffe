#include "spool/tables/cursor_table.hpp"

#include <fmt/format.h>

#include "spool/reader/store_view.hpp"
#include "spool/tables/as_integer.hpp"
#include "spool/tables/row_sum.hpp"

namespace watchpost::spool {
namespace {

using enum ColumnValue::Type;

// The column `settled` holds the cursor. The name is that of the first layout: a salvage recognises
// a table by the text that made it.
class CursorRows final : public Table {
 public:
  CursorRows() : Table({"cursor", {{"upstream", text}, {"class"}, {"settled"}, {"sum"}}, 2}) {}

  [[nodiscard]] bool is_plausible(const Row& row) const override {
    return class_of(row[1]).has_value();
  }
  // An older cursor sends again what the upstream has; it skips nothing.
  [[nodiscard]] Believed believed() const override { return Believed::anywhere; }
  void learn(const Row& row, Salvaged& salvaged) const override {
    salvaged.note_number(*class_of(row[1]), seq_of(row[2]));
  }

  [[nodiscard]] Finding damaged(const Row& row) const override {
    return {fmt::format("Damaged: the cursor of upstream {}", row[0].bytes), kCheckDisk};
  }
  void look(const Row& row, const StoreView& view, CheckReport& report) const override {
    const EventClass event_class = *class_of(row[1]);
    const Seq newest = view.newest[index_of(event_class)];
    if (seq_of(row[2]) <= newest) return;
    report.found(
        {fmt::format("The cursor of upstream {} for {} stands at {}, beyond the newest record {}",
                     row[0].bytes, to_string(event_class), row[2].integer, newest.value),
         "Records up to there would not be forwarded. Stop the daemon, keep a copy of the store "
         "folder, and report this line"});
  }
};

}  // namespace

const Table& cursor_table() {
  static const CursorRows kTable;
  return kTable;
}

Result<CursorsRead> read_cursors(sqlite::Database& database) {
  auto select = database.prepare("SELECT upstream, class, settled, sum FROM cursor");
  if (!select) return select.error();
  CursorsRead read;
  auto more = select->step();
  for (; more && *more; more = select->step()) {
    const Row row = cursor_table().row_at(*select);
    const std::string upstream(row[0].bytes);
    if (cursor_table().recognises(row)) {
      read.cursors[upstream][index_of(*class_of(row[1]))] = seq_of(row[2]);
    } else {
      read.damaged.push_back(upstream);
    }
  }
  if (!more) return more.error();
  return read;
}

Result<CursorTable> CursorTable::open(sqlite::Database& database) {
  auto save = database.prepare(cursor_table().insert_sql("INSERT OR REPLACE"));
  if (!save) return save.error();
  CursorTable table;
  table.save_ = std::move(*save);
  return table;
}

Result<void> CursorTable::save(const CursorMove& move) {
  const auto event_class = as_integer(move.event_class);
  const auto cursor = as_integer(move.cursor);
  save_.bind(1, move.upstream);
  save_.bind(2, event_class);
  save_.bind(3, cursor);
  save_.bind(4, row_sum("cursor", {move.upstream, event_class, cursor}));
  return save_.run();
}

}  // namespace watchpost::spool

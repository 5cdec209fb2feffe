#include "spool/salvage/found_row.hpp"

#include <utility>

#include "spool/tables/all_tables.hpp"

namespace watchpost::spool {

std::optional<FoundRow> find_row(const Cell& cell, std::string_view payload) {
  auto columns = read_columns(payload);
  if (!columns || columns->empty()) return std::nullopt;
  if (cell.has_rowid) {
    // SQLite stores the rowid beside the columns, and null in its place among them.
    ColumnValue& rowid = columns->front();
    if (rowid.type != ColumnValue::Type::null) return std::nullopt;
    rowid.type = ColumnValue::Type::integer;
    rowid.integer = cell.rowid;
  }
  for (const Table* table : all_tables()) {
    if (table->has_rowid() == cell.has_rowid && table->recognises(*columns)) {
      return FoundRow{table, std::move(*columns)};
    }
  }
  return std::nullopt;
}

}  // namespace watchpost::spool

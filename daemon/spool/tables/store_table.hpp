// store: one row: the present epoch and the number with which it begins in each log. A store that
// begins a new epoch goes on numbering; `epoch` in a row of a log is the one it was given its id
// in. On any connection.
#pragma once

#include "spool/tables/table.hpp"

namespace watchpost::spool {

[[nodiscard]] const Table& store_table();

struct StoreRowRead {
  bool is_there = false;
  bool is_genuine = false;  // its checksum fits
  StoreRow row;
};
[[nodiscard]] Result<StoreRowRead> read_store_row(sqlite::Database& database);
[[nodiscard]] Result<void> save_store_row(sqlite::Database& database, const StoreRow& row);

}  // namespace watchpost::spool

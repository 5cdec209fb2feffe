// read_rows: all rows of a table of facts, as the store is opened.
// Promise: a row that does not fit its checksum, or whose content cannot be read, is left out and
// told as damaged; the others are read all the same. Spool thread.
#pragma once

#include <fmt/format.h>

#include <string>

#include "base/encoding.hpp"
#include "base/result.hpp"
#include "spool/tables/table.hpp"
#include "sqlite/database.hpp"

namespace watchpost::spool {

// `take` gets each row whose checksum fits; false: its content cannot be read. `damaged` gets each
// row that is left out.
template <class Take, class Damaged>
[[nodiscard]] Result<void> read_rows(const Table& table, sqlite::Statement& all, Take take,
                                     Damaged damaged) {
  auto more = all.step();
  for (; more && *more; more = all.step()) {
    const Row row = table.row_at(all);
    if (!table.recognises(row) || !take(row)) damaged(row);
  }
  if (!more) return more.error();
  return {};
}

// What is left out is named by its table and the text that is its key, as "session gauge".
template <class Take>
[[nodiscard]] Result<void> read_rows(const Table& table, sqlite::Statement& all,
                                     const FactsRead& read, Take take) {
  return read_rows(table, all, std::move(take), [&](const Row& row) {
    const ColumnValue& key = row.front();
    const bool is_named = key.type == ColumnValue::Type::text && is_utf8(key.bytes);
    read.facts.damaged.note(is_named ? fmt::format("{} {}", table.name(), key.bytes)
                                     : std::string(table.name()));
    read.damage.found(table.damaged(row));
  });
}

}  // namespace watchpost::spool

// log_row: a Record as the columns of its log, and back.
// Promise: what does not fit its checksum is no record. Spool and reader thread.
#pragma once

#include <optional>

#include "model/record.hpp"
#include "sqlite/database.hpp"

namespace watchpost::spool {

// What a row counts as: its texts and a share of what SQLite and the page around it cost.
[[nodiscard]] std::uint64_t size_of_row(const Record& record);

// Parameters in the order of the log's columns. `position`: bytes of the log before this row.
void bind_row(sqlite::Statement& insert, const Record& record, std::uint64_t position);
// Columns in that order; nothing where the checksum does not fit.
[[nodiscard]] std::optional<Record> read_row(const sqlite::Statement& row, EventClass event_class);

// The columns of set_aside from `epoch` on, which are the log's without `position`; `at`: place of
// the first, counting as SQLite does.
void bind_copy(sqlite::Statement& insert, const Record& record, int at);
[[nodiscard]] Record read_copy(const sqlite::Statement& row, int at);

}  // namespace watchpost::spool

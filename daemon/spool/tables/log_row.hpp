// log_row: a Record as the columns of its log, and back.
// Promise: what does not fit its checksum is no record. Spool and reader thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "model/record.hpp"
#include "sqlite/database.hpp"

namespace watchpost::spool {

// What a row may take at most: its texts, unpacked, and a share of what SQLite and the page around
// it cost.
[[nodiscard]] std::uint64_t size_of_row(const Record& record);

// Parameters in the order of the log's columns, valid until the next call on this thread.
// `position`: bytes of the log before this row. Returns what the row counts as there: as
// size_of_row, but packed.
std::uint64_t bind_row(sqlite::Statement& insert, const Record& record, std::uint64_t position);
// Columns in that order; nothing where the checksum does not fit.
[[nodiscard]] std::optional<Record> read_row(const sqlite::Statement& row, EventClass event_class);
// As bind_row returned it.
[[nodiscard]] std::uint64_t size_of_stored(const sqlite::Statement& row);

// The columns `payload` and `annotation` of any version; false where they cannot be unpacked.
[[nodiscard]] bool read_content(std::string_view payload, std::string_view annotation,
                                Record& record);

// The columns of set_aside from `epoch` on, which are the log's without `position`; `at`: place of
// the first, counting as SQLite does.
void bind_copy(sqlite::Statement& insert, const Record& record, int at);
[[nodiscard]] std::optional<Record> read_copy(const sqlite::Statement& row, int at);

}  // namespace watchpost::spool

// record_columns: a Record as the ten columns that log and set_aside have alike, from `domain` to
// `annotation`, and back.
// Promise: what comes out is the record that went in; what cannot be unpacked is none. Payload and
// annotation are packed into the column `payload` (row_content.hpp); `annotation` stays empty.
// Pure; any thread.
#pragma once

#include <cstdint>
#include <vector>

#include "model/record.hpp"
#include "spool/tables/table.hpp"

namespace watchpost::spool {

// The most bytes that a record may take in the file: its texts, unpacked, and its share of what
// SQLite and the page need besides.
[[nodiscard]] std::uint64_t size_of_row(const Record& record);
// The bytes that a record takes; `packed`: the size of its packed content.
[[nodiscard]] std::uint64_t size_of_row(const Record& record, std::uint64_t packed);

// Adds the ten columns to those of a table.
void add_record_columns(std::vector<Column>& columns);
// `at`: place of `domain`, counting parameters as SQLite does. Returns the size of the content. The
// bytes are valid until the next call on this thread.
std::size_t bind_record(sqlite::Statement& insert, const Record& record, int at);
// `at`: place of `domain` in the row. False where the content cannot be unpacked.
[[nodiscard]] bool read_record(const Row& row, std::size_t at, Record& record);

}  // namespace watchpost::spool

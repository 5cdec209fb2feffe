// How a Record is laid out in a row of its log: the one place that knows the column numbers.
// Used by the writer's and the reader's threads.
#pragma once

#include <optional>

#include "model/record.hpp"
#include "sqlite/database.hpp"

namespace watchpost::spool {

// Binds all of `record` (which must outlive the statement's run) to sql::insert_record.
void bind_row(sqlite::Statement& insert, const Record& record);
// Reads a row of sql::select_records; nothing when the row's checksum does not fit its content.
[[nodiscard]] std::optional<Record> read_row(const sqlite::Statement& row, EventClass event_class);

}  // namespace watchpost::spool

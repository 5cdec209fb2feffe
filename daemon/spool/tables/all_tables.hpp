// all_tables: the list of all tables, which is the schema of the store.
// Promise: opening, salvage, verifier and the tests of crashes and damage walk this list. A new
// table is a file beside this one and a line in all_tables.cpp, with the next schema version: a
// store of an older version gets the tables it lacks when it is opened. Any thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "spool/tables/table.hpp"

namespace watchpost::spool {

// PRAGMA user_version. kFirstVersion is the oldest that was ever released.
inline constexpr int kFirstVersion = 3;
inline constexpr int kSchemaVersion = 7;

// In the order in which a salvage completes them.
[[nodiscard]] const std::vector<const Table*>& all_tables();

// Creates the tables that are missing; inside a transaction of the caller.
[[nodiscard]] Result<void> create_tables(sqlite::Database& database);
// The tables are those of the present schema.
[[nodiscard]] Result<void> set_version(sqlite::Database& database);

// The Failure for a store that this program cannot read; nothing in that store is changed.
[[nodiscard]] Failure unknown_version(const std::filesystem::path& file, std::int64_t version);

// True where this CREATE TABLE is one of the present schema; blanks and line ends do not matter.
[[nodiscard]] bool is_present_table(std::string_view create_sql);

}  // namespace watchpost::spool

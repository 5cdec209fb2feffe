// open_for_reading: the store of a folder, for commands that only read it.
// Promise: nothing is changed; a file that is no store, another version, and a folder in which
// SQLite cannot read are told apart, with what is true of them and what to do. Any one thread.
#pragma once

#include <filesystem>

#include "base/result.hpp"
#include "sqlite/database.hpp"

namespace watchpost::spool {

[[nodiscard]] Result<sqlite::Database> open_for_reading(const std::filesystem::path& database_file);

}  // namespace watchpost::spool

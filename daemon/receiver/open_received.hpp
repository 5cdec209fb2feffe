// open_received: RECEIVED.db for reading. Called from a command's thread.
// Promise: whatever else the path names is told apart, with what to do, and left as it is.
#pragma once

#include <filesystem>

#include "base/result.hpp"
#include "sqlite/database.hpp"

namespace watchpost::receiver {

[[nodiscard]] Result<sqlite::Database> open_received(const std::filesystem::path& file);

}  // namespace watchpost::receiver

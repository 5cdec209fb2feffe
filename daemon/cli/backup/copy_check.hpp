// check_copy: looks at a copy of a store as `watchpost verify --store` does: a copy of a damaged
// store is no backup.
// Promise: reads every page and row; changes nothing. Called by backup and restore, main thread.
#pragma once

#include <filesystem>

#include "base/result.hpp"
#include "spool/verify/store_verifier.hpp"

namespace watchpost::cli {

[[nodiscard]] Result<spool::CheckReport> check_copy(const std::filesystem::path& file);

}  // namespace watchpost::cli

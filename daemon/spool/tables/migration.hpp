// migration: a store of an older schema becomes one of the present schema.
// Promise: one transaction: a crash in between leaves the old store. Rows that do not fit their
// old checksum are left behind. At start-up.
#pragma once

#include "base/log.hpp"
#include "sqlite/database.hpp"

namespace watchpost::spool {

// Version 1 had no epoch in its rows, no positions, no ledger, and sums on log rows only.
[[nodiscard]] Result<void> migrate_from_1(sqlite::Database& database, Log& log);

}  // namespace watchpost::spool

// queue_before_7: the table `queued` of schema versions 5 and 6, in whose place client_queue has
// come. Promise: its rows are moved a thousand at a time, each time in a transaction of its own, so
// that a start that is interrupted goes on with the rest; then the table is dropped. What they were
// about is not known: they count as what makes no event. Spool thread, before anything is read.
#pragma once

#include "base/result.hpp"
#include "sqlite/database.hpp"

namespace watchpost::spool {

// Nothing happens where there is no such table.
[[nodiscard]] Result<void> move_queue_before_7(sqlite::Database& database);

}  // namespace watchpost::spool

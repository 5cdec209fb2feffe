// subscription, retained: what the persistent sessions of the listener subscribe to, and the
// retained message of each topic. (What the sessions are still to get: queue_table.hpp.)
// Promise: only what SQLite itself would read is believed: an older row could bring back what a
// client gave up, or a message that it has acknowledged. What belongs to no session goes when a
// session ends, and after a salvage.
#pragma once

#include "spool/tables/table.hpp"

namespace watchpost::spool {

[[nodiscard]] const Table& subscription_table();
[[nodiscard]] const Table& retained_table();

}  // namespace watchpost::spool

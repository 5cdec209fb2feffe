// will: the wills of clients that were connected, or whose will was waiting.
// Promise: only what SQLite itself would read is believed: an old row would speak for a client that
// has said goodbye. The facts are WillChange (model).
#pragma once

#include "spool/tables/table.hpp"

namespace watchpost::spool {

[[nodiscard]] const Table& will_table();

}  // namespace watchpost::spool

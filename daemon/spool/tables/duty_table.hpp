// duty: what judgement remembers of the gateway as a whole, one row.
// Promise: only what SQLite itself would read is believed: an older one could begin a drill again
// that is over. Spool thread.
#pragma once

#include "spool/tables/table.hpp"

namespace watchpost::spool {

[[nodiscard]] const Table& duty_table();

}  // namespace watchpost::spool

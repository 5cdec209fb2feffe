// deadline: when sessions and retained messages end, by the wall clock.
// Promise: only what SQLite itself would read is believed; a row that is lost makes something live
// longer, no shorter. Rows go with what they are about. The facts are Deadline (model).
#pragma once

#include "spool/tables/table.hpp"

namespace watchpost::spool {

[[nodiscard]] const Table& deadline_table();

}  // namespace watchpost::spool

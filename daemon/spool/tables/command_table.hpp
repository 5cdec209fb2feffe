// command_done: the commands that were done, one row for each key, so that none is done twice.
// Promise: what is forgotten by judgement has no row. Spool thread.
#pragma once

#include "spool/tables/table.hpp"

namespace watchpost::spool {

[[nodiscard]] const Table& command_table();

}  // namespace watchpost::spool

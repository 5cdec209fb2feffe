// device: what judgement knows of each device beyond its messages, one whole row for each.
// Promise: only what SQLite itself would read is believed: an older row could put a device out of
// service that is back. What is lost here is known again when the device is heard; that it was
// entered, and under which name, must be entered again. Spool thread.
#pragma once

#include "spool/tables/table.hpp"

namespace watchpost::spool {

[[nodiscard]] const Table& device_table();

}  // namespace watchpost::spool

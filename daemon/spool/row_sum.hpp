// The checksum of a row: XXH3-64 over its class, seq and every other column.
// Promise: a row whose bytes changed on disk is recognised when it is read, also where the page
// around it still looks like a page.
#pragma once

#include <cstdint>

#include "model/record.hpp"

namespace watchpost::spool {

[[nodiscard]] std::int64_t row_sum(const Record& record);

}  // namespace watchpost::spool

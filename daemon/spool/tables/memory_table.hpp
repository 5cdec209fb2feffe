// decoder_memory: what decoders and the pipeline have learnt (Remembered), one row for each of them
// and key.
// Promise: only what SQLite itself would read is believed: an older list of devices could make a
// detector of today unknown. What is lost here is learnt again when its sender says it again.
// Spool thread.
#pragma once

#include "spool/tables/table.hpp"

namespace watchpost::spool {

[[nodiscard]] const Table& memory_table();

}  // namespace watchpost::spool

// drop_ledger: what was acknowledged and will not arrive, one row for each range, with why. An
// event upstream goes with each row (gateway_record.hpp).
// Promise: a range that was told as gone does not come back. DropLedger: spool thread.
#pragma once

#include <vector>

#include "model/seq_range.hpp"
#include "spool/tables/gateway_record.hpp"
#include "spool/tables/table.hpp"

namespace watchpost::spool {

[[nodiscard]] const Table& drop_ledger_table();

// The ranges of class ?1 that have something in common with ?2 to ?3, in their order.
inline constexpr const char* kSelectDropsIn =
    "SELECT first, last FROM drop_ledger WHERE class = ?1 AND last >= ?2 AND first <= ?3"
    " ORDER BY first";

// The ledger on the writing connection.
class DropLedger {
 public:
  DropLedger() = default;
  [[nodiscard]] static Result<DropLedger> open(sqlite::Database& database);

  [[nodiscard]] Result<void> add(const Drop& drop, Moment now);
  // The ranges that have something in common with `range`, in their order.
  [[nodiscard]] Result<std::vector<SeqRange>> ranges_in(EventClass event_class, SeqRange range);
  // How many numbers it names.
  [[nodiscard]] Result<PerClass<std::uint64_t>> count();

 private:
  sqlite::Statement insert_, select_, count_;
};

}  // namespace watchpost::spool

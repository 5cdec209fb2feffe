// row_sum: the checksum each row carries, so that damage on disk is noticed when a row is read.
// Promise: any changed, missing or swapped part of a row changes the sum (64 bits, XXH3). A row
// without a payload and one with an empty payload are the same record and have the same sum.
// Pure; any thread.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>
#include <variant>

#include "model/record.hpp"

namespace watchpost::spool {

// Over class, epoch, seq and all of the record.
[[nodiscard]] std::int64_t row_sum(const Record& record);

using SumPart = std::variant<std::int64_t, std::string_view>;
// The sum of any other row. `table`: its name, so that rows of two tables with the same columns
// have different sums.
[[nodiscard]] std::int64_t row_sum(std::string_view table, std::span<const SumPart> parts);
[[nodiscard]] inline std::int64_t row_sum(std::string_view table,
                                          std::initializer_list<SumPart> parts) {
  return row_sum(table, std::span<const SumPart>(parts.begin(), parts.size()));
}

}  // namespace watchpost::spool

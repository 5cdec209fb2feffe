// row_sum: the checksum each row carries, so that damage on disk is noticed when a row is read.
// Promise: any changed, missing or swapped part of a row changes the sum (64 bits, XXH3). A row
// without a payload is told from one whose payload is empty by nothing: both are the same record.
// Pure; any thread.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <variant>

#include "model/record.hpp"
#include "spool/log_reader.hpp"

namespace watchpost::spool {

// Over class, epoch, seq and all of the record.
[[nodiscard]] std::int64_t row_sum(const Record& record);
// Of a row of schema version 1, which had no epoch of its own.
[[nodiscard]] std::int64_t row_sum_1(const Record& record);

using SumPart = std::variant<std::int64_t, std::string_view>;
// Of a small row: `table` keeps apart rows of the same shape.
[[nodiscard]] std::int64_t row_sum(std::string_view table, std::initializer_list<SumPart> parts);

// Of a row of set_aside; `set_aside_at` in nanoseconds.
[[nodiscard]] std::int64_t set_aside_sum(std::string_view upstream, const SetAside& row,
                                         std::int64_t set_aside_at);

}  // namespace watchpost::spool

// FoundRow: which table a row belongs to that was found on some page.
// Promise: nothing is taken for a row whose columns or checksum do not fit. Every checksum names
// its table, and a log's its class: so a page that no table reaches any more still tells what its
// rows are. Pure; called at start-up by the salvage.
#pragma once

#include <optional>
#include <string_view>

#include "spool/salvage/page_cells.hpp"
#include "spool/tables/table.hpp"

namespace watchpost::spool {

struct FoundRow {
  const Table* table = nullptr;
  Row row;  // views into the payload
};

[[nodiscard]] std::optional<FoundRow> find_row(const Cell& cell, std::string_view payload);

}  // namespace watchpost::spool

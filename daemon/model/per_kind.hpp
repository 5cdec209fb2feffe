// PerKind: a table with one row for each Kind, in the order of the Kinds; row_of finds a Kind's
// row. Promise: where is_whole(table) is true, no row is missing and none stands in another's
// place. The file with the table must say `static_assert(is_whole(table));`, so that a new Kind
// without a row does not compile. Pure; any thread.
#pragma once

#include <array>
#include <cstddef>

#include "model/observation.hpp"

namespace watchpost {

// A row begins with its `kind`.
template <class Row>
using PerKind = std::array<Row, kKindCount>;

template <class Row>
[[nodiscard]] constexpr bool is_whole(const PerKind<Row>& table) {
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (table[i].kind != static_cast<Kind>(i)) return false;
  }
  return true;
}

template <class Row>
[[nodiscard]] constexpr const Row& row_of(const PerKind<Row>& table, Kind kind) {
  return table[static_cast<std::size_t>(kind)];
}

}  // namespace watchpost

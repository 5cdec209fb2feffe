// PerKind: a table that says something of every kind, one row each.
// Promise: a table that is_whole has no row too few and none in another's place; a table that
// misses one does not compile, because its file asserts it. Pure; any thread.
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

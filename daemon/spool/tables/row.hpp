// Row: the columns of one row, whether SQLite gave them or a salvage found them on a page.
// Promise: plain views; they live as long as the statement stands on the row, or as the page's
// bytes. Pure; any thread.
#pragma once

#include <boost/container/small_vector.hpp>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/clock.hpp"
#include "base/strong.hpp"
#include "model/event_class.hpp"
#include "model/record.hpp"

namespace watchpost::spool {

struct ColumnValue {
  enum class Type : std::uint8_t { null, integer, text, blob };
  Type type = Type::null;
  std::int64_t integer = 0;
  std::string_view bytes;
};

// A log has 14 columns, and each record that is read back makes a row: its columns take no memory
// of their own.
using Row = boost::container::small_vector<ColumnValue, 14>;

[[nodiscard]] inline Epoch epoch_of(const ColumnValue& column) {
  return epoch_from(static_cast<std::uint32_t>(column.integer));
}
[[nodiscard]] inline Seq seq_of(const ColumnValue& column) {
  return Seq{static_cast<std::uint64_t>(column.integer)};
}
[[nodiscard]] inline WallTime time_of(const ColumnValue& column) {
  return WallTime{std::chrono::nanoseconds{column.integer}};
}
// Nothing where the number names no class.
[[nodiscard]] inline std::optional<EventClass> class_of(const ColumnValue& column) {
  if (column.integer < 0 || column.integer >= static_cast<std::int64_t>(kEventClassCount)) {
    return std::nullopt;
  }
  return static_cast<EventClass>(column.integer);
}

}  // namespace watchpost::spool

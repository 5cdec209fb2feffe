// as_integer: the project's strong types as the integers of a row.
// Promise: one spelling for all who bind a row. Pure; any thread.
#pragma once

#include <cstdint>

#include "base/clock.hpp"
#include "base/strong.hpp"
#include "model/event_class.hpp"

namespace watchpost::spool {

[[nodiscard]] inline std::int64_t as_integer(Seq seq) {
  return static_cast<std::int64_t>(seq.value);
}
[[nodiscard]] inline std::int64_t as_integer(EventClass event_class) {
  return static_cast<std::int64_t>(index_of(event_class));
}
// Nanoseconds since 1970 UTC.
[[nodiscard]] inline std::int64_t as_integer(WallTime time) {
  return time.time_since_epoch().count();
}

}  // namespace watchpost::spool

// QueueClass: what a message that waits for a subscriber is about. Where room is lacking, the last
// of them yields first. Plain values; any thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "model/event_class.hpp"

namespace watchpost {

// The classes of events, and between them what makes no event: commands to devices, their lists,
// retained messages. A siren that is told to sound too late is worse than a temperature less.
enum class QueueClass : std::uint8_t { alarm, patrol, local, status, telemetry };

inline constexpr std::size_t kQueueClassCount = 5;
template <class T>
using PerQueueClass = std::array<T, kQueueClassCount>;

[[nodiscard]] constexpr std::size_t index_of(QueueClass queue_class) {
  return static_cast<std::size_t>(queue_class);
}
[[nodiscard]] constexpr QueueClass queue_class_of(EventClass event_class) {
  switch (event_class) {
    case EventClass::alarm:
      return QueueClass::alarm;
    case EventClass::patrol:
      return QueueClass::patrol;
    case EventClass::status:
      return QueueClass::status;
    case EventClass::telemetry:
      break;
  }
  return QueueClass::telemetry;
}

}  // namespace watchpost

// EventClass: the four classes, in the order in which everything that waits is served.
// Promise 3: alarm < patrol < status < telemetry, everywhere.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "model/language.hpp"

namespace watchpost {

enum class EventClass : std::uint8_t { alarm, patrol, status, telemetry };

inline constexpr std::array kEventClasses{EventClass::alarm, EventClass::patrol, EventClass::status,
                                          EventClass::telemetry};
inline constexpr std::size_t kEventClassCount = kEventClasses.size();

[[nodiscard]] constexpr std::size_t index_of(EventClass event_class) {
  return static_cast<std::size_t>(event_class);
}
// Alarms and patrols: they never yield to make room, and never wait for what is not urgent.
[[nodiscard]] constexpr bool is_urgent(EventClass event_class) {
  return event_class <= EventClass::patrol;
}

// One value for each class.
template <class T>
using PerClass = std::array<T, kEventClassCount>;

// "alarm", "patrol", "status", "telemetry": topics, attributes, configuration.
[[nodiscard]] std::string_view to_string(EventClass event_class);
// In a sentence that a person reads: the same words in English; "报警", "巡更", "状态", "测量".
[[nodiscard]] std::string_view class_word(EventClass event_class, Language language);
// 'a', 'p', 's', 't': the middle part of an event id.
[[nodiscard]] char letter_of(EventClass event_class);
[[nodiscard]] std::optional<EventClass> event_class_from(std::string_view name);

// What an observation is about; the level after the class in a forwarded topic.
enum class Domain : std::uint8_t { fire, water, fall, patrol, device, gateway, other };
inline constexpr std::size_t kDomainCount = 7;
[[nodiscard]] std::string_view to_string(Domain domain);
[[nodiscard]] std::optional<Domain> domain_from(std::string_view name);

}  // namespace watchpost

// Severity numbers of events: OpenTelemetry's, as in CloudEvents' severity extension.
#pragma once

#include <cstdint>
#include <optional>

namespace watchpost {

inline constexpr std::uint8_t kSeverityTelemetry = 5;
inline constexpr std::uint8_t kSeverityInfo = 9;
inline constexpr std::uint8_t kSeverityWarning = 13;
inline constexpr std::uint8_t kSeverityAlarm = 21;
inline constexpr std::int64_t kMostSeverity = 24;

// What an event of somebody else says, where it is one of those numbers.
[[nodiscard]] constexpr std::optional<std::uint8_t> severity_from(std::int64_t number) {
  if (number < 1 || number > kMostSeverity) return std::nullopt;
  return static_cast<std::uint8_t>(number);
}

}  // namespace watchpost

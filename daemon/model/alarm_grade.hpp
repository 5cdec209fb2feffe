// AlarmGrade: how bad an alarm is, in the words of CAP 1.2 (OASIS CAP 1.2 section 3.2.2), so that a
// district can map it to its warning platform, and as a colour for display and order. The gateway
// itself issues no CAP, and a level is no official warning (预警): only authorities issue those.
// Promise: an enumerator and its name belong together for good; both are stored. Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace watchpost {

// In the order of display, the worst last. Grey: a test or a drill.
enum class AlarmLevel : std::uint8_t { grey, blue, yellow, orange, red };
enum class Urgency : std::uint8_t { immediate, expected, future };
enum class AlarmSeverity : std::uint8_t { extreme, severe, moderate, minor };
enum class Certainty : std::uint8_t { observed, likely, possible };

struct AlarmGrade {
  AlarmLevel level = AlarmLevel::blue;
  Urgency urgency = Urgency::future;
  AlarmSeverity severity = AlarmSeverity::minor;
  Certainty certainty = Certainty::observed;
  friend bool operator==(const AlarmGrade&, const AlarmGrade&) = default;
};

// "red", ...; "Immediate", "Severe", "Likely", ... as CAP writes them.
[[nodiscard]] std::string_view to_string(AlarmLevel level);
[[nodiscard]] std::string_view to_string(Urgency urgency);
[[nodiscard]] std::string_view to_string(AlarmSeverity severity);
[[nodiscard]] std::string_view to_string(Certainty certainty);
[[nodiscard]] std::optional<AlarmLevel> alarm_level_from(std::string_view name);
[[nodiscard]] std::optional<Urgency> urgency_from(std::string_view name);
[[nodiscard]] std::optional<AlarmSeverity> alarm_severity_from(std::string_view name);
[[nodiscard]] std::optional<Certainty> certainty_from(std::string_view name);

}  // namespace watchpost

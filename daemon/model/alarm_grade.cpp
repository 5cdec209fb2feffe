#include "model/alarm_grade.hpp"

#include "model/names.hpp"

namespace watchpost {
namespace {

constexpr names::Table<AlarmLevel, 5> kLevelNames{{
    {AlarmLevel::grey, "grey"},
    {AlarmLevel::blue, "blue"},
    {AlarmLevel::yellow, "yellow"},
    {AlarmLevel::orange, "orange"},
    {AlarmLevel::red, "red"},
}};
constexpr names::Table<Urgency, 3> kUrgencyNames{{
    {Urgency::immediate, "Immediate"},
    {Urgency::expected, "Expected"},
    {Urgency::future, "Future"},
}};
constexpr names::Table<AlarmSeverity, 4> kSeverityNames{{
    {AlarmSeverity::extreme, "Extreme"},
    {AlarmSeverity::severe, "Severe"},
    {AlarmSeverity::moderate, "Moderate"},
    {AlarmSeverity::minor, "Minor"},
}};
constexpr names::Table<Certainty, 3> kCertaintyNames{{
    {Certainty::observed, "Observed"},
    {Certainty::likely, "Likely"},
    {Certainty::possible, "Possible"},
}};

}  // namespace

std::string_view to_string(AlarmLevel level) {
  return names::name_of(kLevelNames, level);
}
std::string_view to_string(Urgency urgency) {
  return names::name_of(kUrgencyNames, urgency);
}
std::string_view to_string(AlarmSeverity severity) {
  return names::name_of(kSeverityNames, severity);
}
std::string_view to_string(Certainty certainty) {
  return names::name_of(kCertaintyNames, certainty);
}
std::optional<AlarmLevel> alarm_level_from(std::string_view name) {
  return names::value_of(kLevelNames, name);
}
std::optional<Urgency> urgency_from(std::string_view name) {
  return names::value_of(kUrgencyNames, name);
}
std::optional<AlarmSeverity> alarm_severity_from(std::string_view name) {
  return names::value_of(kSeverityNames, name);
}
std::optional<Certainty> certainty_from(std::string_view name) {
  return names::value_of(kCertaintyNames, name);
}

}  // namespace watchpost

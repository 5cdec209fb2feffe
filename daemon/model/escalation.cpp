#include "model/escalation.hpp"

#include <algorithm>

namespace watchpost {
namespace {

constexpr std::array kLevels{AlarmLevel::red, AlarmLevel::orange, AlarmLevel::yellow,
                             AlarmLevel::blue};

bool is_by_kind(Condition condition) {
  return condition == Condition::alarm || condition == Condition::rule;
}

std::vector<std::string_view> all_alarm_names() {
  std::vector<std::string_view> names;
  for (std::size_t i = 0; i < kKindCount; ++i) names.push_back(to_string(static_cast<Kind>(i)));
  for (std::size_t i = 0; i < kConditionCount; ++i) {
    const auto condition = static_cast<Condition>(i);
    if (!is_by_kind(condition)) names.push_back(to_string(condition));
  }
  return names;
}

template <class List, class Value>
bool is_any_or_has(const List& list, const Value& value) {
  return list.empty() || std::find(list.begin(), list.end(), value) != list.end();
}

}  // namespace

bool AlarmChoice::fits(const PlacedAlarm& one) const {
  const bool is_named = !levels.empty() || !alarms.empty();
  if (!one.is_emergency && !is_named) return false;
  if (!is_any_or_has(levels, one.alarm.grade.level)) return false;
  if (!is_any_or_has(alarms, alarm_name(one.alarm.source))) return false;
  return places.empty() || std::any_of(places.begin(), places.end(), [&one](const auto& place) {
           return one.place.starts_with(place);
         });
}

const EscalationRule* rule_for(const EscalationRules& rules, const PlacedAlarm& one) {
  const auto found = std::find_if(rules.begin(), rules.end(),
                                  [&one](const auto& rule) { return rule.which.fits(one); });
  return found == rules.end() ? nullptr : &*found;
}

std::string_view alarm_name(const AlarmSource& source) {
  return is_by_kind(source.condition) ? to_string(source.kind) : to_string(source.condition);
}

std::span<const std::string_view> alarm_names() {
  static const std::vector<std::string_view> kNames = all_alarm_names();
  return kNames;
}

std::span<const std::string_view> alarm_level_names() {
  static const std::array<std::string_view, kLevels.size()> kNames{
      to_string(kLevels[0]), to_string(kLevels[1]), to_string(kLevels[2]), to_string(kLevels[3])};
  return kNames;
}

}  // namespace watchpost

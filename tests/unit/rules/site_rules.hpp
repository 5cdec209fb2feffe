// Rules of a site with a river, and what its sensor says, for tests of conditions.
#pragma once

#include <string>
#include <utility>

#include "model/site_rule.hpp"
#include "support/duty_desk.hpp"

namespace watchpost::rules::testing {

inline SiteRule rule_of(RuleTest test, std::string quantity, double limit) {
  SiteRule rule;
  rule.name = "r";
  rule.test = test;
  rule.quantity = std::move(quantity);
  rule.limit = limit;
  rule.alarm_kind = Kind::water_level;
  rule.grade = {AlarmLevel::orange, Urgency::expected, AlarmSeverity::moderate,
                Certainty::observed};
  return rule;
}

inline SiteRule level_above(double limit) {
  SiteRule rule = rule_of(RuleTest::above, "level", limit);
  rule.devices = {"river-1"};
  rule.unit = "m";
  rule.deadband = 0.05;
  return rule;
}

inline Observation level(double value, std::string unit = "m") {
  return support::said("river-1", Kind::water_level, DeclaredState::info,
                       {{"level", std::move(unit), value}});
}

// Nothing: there is no such alarm.
inline Life life_of(const support::DutyDesk& desk, std::uint64_t count) {
  const SharedAlarm row = desk.alarm(count);
  return row ? row->life : Life::normal;
}

}  // namespace watchpost::rules::testing

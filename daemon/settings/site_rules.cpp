#include "settings/site_rules.hpp"

#include <fmt/format.h>

#include "model/quantities.hpp"

namespace watchpost::settings {
namespace {

constexpr std::string_view kWarning = "warning-level";
constexpr std::string_view kGuarantee = "guarantee-level";
// Waves and the sensor's own noise.
constexpr double kLevelDeadband = 0.03;

AlarmGrade grade_of(AlarmLevel level) {
  switch (level) {
    case AlarmLevel::red:
      return {level, Urgency::immediate, AlarmSeverity::severe, Certainty::observed};
    case AlarmLevel::orange:
      return {level, Urgency::expected, AlarmSeverity::moderate, Certainty::observed};
    case AlarmLevel::yellow:
      return {level, Urgency::expected, AlarmSeverity::moderate, Certainty::likely};
    case AlarmLevel::blue:
    case AlarmLevel::grey:
      break;
  }
  return {level, Urgency::future, AlarmSeverity::minor, Certainty::observed};
}

RuleTest test_of(const RuleConfig& rule) {
  if (rule.above) return RuleTest::above;
  if (rule.below) return RuleTest::below;
  if (rule.rise) return RuleTest::rise;
  if (rule.jump) return RuleTest::jump;
  if (rule.no_data.count() > 0) return RuleTest::no_data;
  return rule.two_of > 0 ? RuleTest::two_of : RuleTest::equals;
}

Kind alarm_kind_of(const RuleConfig& rule, RuleTest test) {
  if (rule.kind) return *rule.kind;
  return test == RuleTest::no_data ? Kind::device_status : kind_of_quantity(rule.quantity);
}

SiteRule rule_of(const RuleConfig& config) {
  SiteRule rule;
  rule.name = config.name;
  rule.devices = config.devices;
  rule.place = config.place;
  rule.kind = config.kind;
  rule.test = test_of(config);
  rule.quantity = config.quantity;
  rule.unit = config.unit;
  rule.limit = limit_of(config);
  rule.deadband = config.deadband.value_or(0);
  rule.wanted = config.equals.value;
  rule.on_delay = config.on_delay;
  rule.off_delay = config.off_delay;
  rule.window = rule.test == RuleTest::no_data ? config.no_data : config.within;
  rule.least = rule.test == RuleTest::two_of ? config.two_of : config.readings;
  rule.alarm_kind = alarm_kind_of(config, rule.test);
  rule.grade = grade_of(config.level.value_or(AlarmLevel::yellow));
  rule.latching = config.latching;
  // One language is better than none.
  rule.text = config.text.empty() ? config.text_zh : config.text;
  rule.text_zh = config.text_zh.empty() ? config.text : config.text_zh;
  return rule;
}

struct LevelNamed {
  std::string_view name, english, chinese;
  AlarmLevel level;
};
constexpr LevelNamed kWarningLevel{kWarning, "warning level", "警戒水位", AlarmLevel::orange};
constexpr LevelNamed kGuaranteeLevel{kGuarantee, "guarantee level", "保证水位", AlarmLevel::red};

SiteRule level_rule(const DeviceConfig& device, const LevelNamed& named, double level) {
  const WaterConfig& water = device.water;
  SiteRule rule;
  rule.name = named.name;
  rule.devices = {device.id};
  rule.quantity = "level";
  rule.unit = "m";
  rule.gauge = Gauge{water.mount_elevation, water.level_reading == LevelReading::depth};
  rule.limit = level;
  rule.deadband = water.deadband.value_or(kLevelDeadband);
  rule.alarm_kind = Kind::water_level;
  rule.grade = grade_of(named.level);
  const bool has_datum = !water.datum.empty();
  rule.text = fmt::format("The water has reached the {}, {:.2f} m{}", named.english, level,
                          has_datum ? fmt::format(" ({})", water.datum) : "");
  rule.text_zh = fmt::format("水位已达{} {:.2f} 米{}", named.chinese, level,
                             has_datum ? fmt::format("（{}）", water.datum) : "");
  return rule;
}

}  // namespace

double limit_of(const RuleConfig& rule) {
  for (const Decimal& one : {rule.above, rule.below, rule.rise, rule.jump}) {
    if (one) return *one;
  }
  return 0;
}

bool is_name_of_level(std::string_view name) {
  return name == kWarning || name == kGuarantee;
}

std::vector<SiteRule> site_rules(const Config& config) {
  std::vector<SiteRule> all;
  all.reserve(config.rules.size());
  for (const RuleConfig& rule : config.rules) all.push_back(rule_of(rule));
  for (const DeviceConfig& device : config.devices) {
    const WaterConfig& water = device.water;
    if (water.warning_level) all.push_back(level_rule(device, kWarningLevel, *water.warning_level));
    if (water.guarantee_level)
      all.push_back(level_rule(device, kGuaranteeLevel, *water.guarantee_level));
  }
  return all;
}

}  // namespace watchpost::settings

#include "rules/rule_values.hpp"

#include "model/quantities.hpp"

namespace watchpost::rules {
namespace {

std::optional<double> metres_of(const Observation& observation, std::string_view quantity) {
  const Reading* reading = observation.find(quantity);
  const auto* number = reading == nullptr ? nullptr : std::get_if<double>(&reading->value);
  if (number == nullptr) return std::nullopt;
  return converted(*number, {reading->unit, "m"});
}

// A level tells most: a station has worked it out itself.
std::optional<double> level_of(const Observation& observation, const Gauge& gauge) {
  for (const std::string_view quantity : {"level", "water_level"}) {
    if (const auto level = metres_of(observation, quantity))
      return gauge.level_is_depth ? gauge.elevation.value_or(0) + *level : *level;
  }
  if (const auto depth = metres_of(observation, "depth"))
    return gauge.elevation.value_or(0) + *depth;
  const auto distance = metres_of(observation, "distance");
  if (distance && gauge.elevation) return *gauge.elevation - *distance;
  return std::nullopt;
}

}  // namespace

bool is_doubtful(const Observation& observation) {
  const Reading* tilt = observation.find("tilt");
  const bool is_tilted = tilt != nullptr && tilt->value == Reading::Value{true};
  return is_tilted || observation.quality == Quality::suspect ||
         observation.quality == Quality::invalid;
}

bool is_raised(const Observation& observation) {
  return observation.state == DeclaredState::alarm || observation.state == DeclaredState::confirmed;
}

std::optional<Reading::Value> value_for(const SiteRule& rule, const Observation& observation) {
  if (is_doubtful(observation)) return std::nullopt;
  if (rule.gauge) {
    const auto level = level_of(observation, *rule.gauge);
    return level ? std::optional<Reading::Value>(*level) : std::nullopt;
  }
  const Reading* reading = observation.find(rule.quantity);
  if (reading == nullptr || std::holds_alternative<std::monostate>(reading->value))
    return std::nullopt;
  const auto* number = std::get_if<double>(&reading->value);
  if (number == nullptr) return reading->value;
  const auto value = converted(*number, {reading->unit, rule.unit});
  return value ? std::optional<Reading::Value>(*value) : std::nullopt;
}

}  // namespace watchpost::rules

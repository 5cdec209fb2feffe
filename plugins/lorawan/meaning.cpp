#include "lorawan/meaning.hpp"

#include <algorithm>
#include <array>

#include "danger/conditions.hpp"
#include "danger/findings.hpp"

namespace watchpost::lorawan {
namespace {

namespace json = sdk::json;

constexpr int kDeepest = 6;
constexpr std::size_t kMostMembers = 256;

void flatten(const std::string& name, const json::value& value, int depth, json::object& flat) {
  if (flat.size() >= kMostMembers) return;
  const auto inner = [&](const std::string& key) { return name.empty() ? key : name + "_" + key; };
  if (const auto* object = value.if_object(); object != nullptr && depth < kDeepest) {
    for (const auto& member : *object) {
      flatten(inner(std::string(member.key())), member.value(), depth + 1, flat);
    }
  } else if (const auto* list = value.if_array(); list != nullptr && depth < kDeepest) {
    std::size_t number = 0;
    for (const auto& each : *list) flatten(inner(std::to_string(++number)), each, depth + 1, flat);
  } else {
    flat[name] = value;
  }
}

struct Number {
  std::string_view key;
  sdk::Quantity quantity;
};
// The names whose unit is the same with every maker that we have seen.
constexpr std::array kNumbers{
    Number{"temperature", {"temperature", "Cel"}},
    Number{"humidity", {"humidity", "%RH"}},
    Number{"battery_level", {"battery", "%EL"}},
    Number{"batteryLevel", {"battery", "%EL"}},
    Number{"battery_percent", {"battery", "%EL"}},
    Number{"battery_pct", {"battery", "%EL"}},
    Number{"batV", {"battery_voltage", "V"}},
    Number{"BatV", {"battery_voltage", "V"}},
    Number{"battery_voltage", {"battery_voltage", "V"}},
};

void add_numbers(const json::object& flat, sdk::Observation& observation) {
  for (const auto& [key, quantity] : kNumbers) {
    const auto number = sdk::number_at(flat, key);
    if (number && !observation.has(quantity.name)) observation.number(quantity, *number);
  }
}

}  // namespace

Meaning meaning_of(const json::object& decoded) {
  Meaning meaning;
  flatten({}, decoded, 0, meaning.flat);
  const auto findings = danger::findings_in(meaning.flat, nullptr);
  meaning.observations = danger::conditions_of(findings, meaning.flat);
  for (const auto& [key, value] : meaning.flat) {
    if (!value.is_string() || !std::string_view(key).ends_with("action")) continue;
    if (danger::calls_for_help(value.get_string())) {
      meaning.observations.push_front(danger::call_for_help(value.get_string()));
    }
  }
  const bool plain = meaning.observations.empty();
  if (plain) meaning.observations.emplace_back(WATCHPOST_MEASUREMENT, WATCHPOST_INFO);
  auto& first = meaning.observations.front();
  for (const auto& measure : findings.measures) {
    if (!first.has(measure.name)) first.number({measure.name, measure.unit}, measure.number);
  }
  add_numbers(meaning.flat, first);
  if (plain && first.empty()) meaning.observations.clear();
  meaning.unread = findings.unread;
  return meaning;
}

bool raises(const Meaning& meaning) {
  return std::any_of(
      meaning.observations.begin(), meaning.observations.end(), [](const sdk::Observation& each) {
        return each.state() == WATCHPOST_ALARM || each.state() == WATCHPOST_SUSPECTED;
      });
}

}  // namespace watchpost::lorawan

#include "zigbee2mqtt/conditions.hpp"

#include <algorithm>
#include <array>

namespace watchpost::zigbee2mqtt {
namespace {

struct Detector {
  std::string_view key;
  watchpost_kind kind;
};
constexpr std::array kDetectors{
    Detector{"smoke", WATCHPOST_SMOKE},           Detector{"heat", WATCHPOST_HEAT},
    Detector{"gas", WATCHPOST_COMBUSTIBLE_GAS},   Detector{"carbon_monoxide", WATCHPOST_CO},
    Detector{"water_leak", WATCHPOST_WATER_LEAK}, Detector{"sos", WATCHPOST_SOS},
};

struct Word {
  std::string_view key;
  std::string_view word;
  watchpost_state state;
};
// Published enumerators: Heiman HS2FD, Tuya MIR-HE200, OWON FDS315. low_posture is no fall.
constexpr std::array kFallWords{
    Word{"fall_status", "normal", WATCHPOST_NORMAL},
    Word{"fall_status", "fall_warning", WATCHPOST_SUSPECTED},
    Word{"fall_status", "fall_alarm", WATCHPOST_ALARM},
    Word{"fall_down_status", "none", WATCHPOST_NORMAL},
    Word{"fall_down_status", "maybe_fall", WATCHPOST_SUSPECTED},
    Word{"fall_down_status", "fall", WATCHPOST_ALARM},
    Word{"status", "unoccupied", WATCHPOST_NORMAL},
    Word{"status", "occupied", WATCHPOST_NORMAL},
    Word{"status", "sitting", WATCHPOST_NORMAL},
    Word{"status", "on_the_bed", WATCHPOST_NORMAL},
    Word{"status", "low_posture", WATCHPOST_NORMAL},
    Word{"status", "falling", WATCHPOST_ALARM},
};
constexpr std::array<std::string_view, 3> kFallKeys{"fall_status", "fall_down_status", "status"};

Condition from_boolean(const Detector& detector, const sdk::json::value& value, bool testing) {
  Condition condition{detector.kind, WATCHPOST_UNKNOWN, detector.key, std::nullopt};
  if (!value.is_bool()) return condition;
  const bool on = value.get_bool();
  condition.value = on;
  condition.state = on ? WATCHPOST_ALARM : testing ? WATCHPOST_TEST : WATCHPOST_NORMAL;
  condition.ambiguous_test = on && testing;
  return condition;
}

std::optional<Condition> fall_from(const sdk::json::object& state, std::string_view key) {
  const auto* value = sdk::member(state, key);
  if (value == nullptr) return std::nullopt;
  const std::string_view word =
      value->is_string() ? std::string_view(value->get_string()) : std::string_view{};
  const auto found = std::find_if(kFallWords.begin(), kFallWords.end(), [&](const Word& entry) {
    return entry.key == key && entry.word == word;
  });
  if (found != kFallWords.end()) {
    return Condition{WATCHPOST_FALL, found->state, "detection", std::nullopt, found->word};
  }
  // "status" is a common key: other devices use it for other things.
  if (key == "status") return std::nullopt;
  return Condition{WATCHPOST_FALL, WATCHPOST_UNKNOWN, "detection", std::nullopt, word};
}

}  // namespace

std::vector<Condition> conditions_in(const sdk::json::object& state) {
  std::vector<Condition> conditions;
  const bool testing = sdk::boolean_at(state, "test").value_or(false);
  for (const auto& detector : kDetectors) {
    const auto* value = sdk::member(state, detector.key);
    // Climate devices publish some of these keys as numbers (a gas resistance): not a condition.
    if (value == nullptr || !(value->is_bool() || value->is_null())) continue;
    conditions.push_back(from_boolean(detector, *value, testing));
  }
  for (const auto key : kFallKeys) {
    if (const auto fall = fall_from(state, key)) conditions.push_back(*fall);
  }
  return conditions;
}

bool calls_for_help(std::string_view action) {
  constexpr std::array<std::string_view, 4> kWords{"emergency", "sos", "panic", "emergency_press"};
  return std::find(kWords.begin(), kWords.end(), action) != kWords.end();
}

}  // namespace watchpost::zigbee2mqtt

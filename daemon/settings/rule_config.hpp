// RuleConfig: one [[rule]]: what is measured, and when that is an alarm; WaterConfig: of a water
// station, in its [[device]].
// Promise: plain values, checked together (check_rules.hpp) and never changed afterwards; what they
// mean is in site_rules.hpp. Built at start-up; read on any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/alarm_grade.hpp"
#include "model/observation.hpp"

namespace watchpost::settings {

using Decimal = std::optional<double>;

// A text, a number, or true or false; nothing where the key is absent.
struct Wanted {
  Reading::Value value{};
  [[nodiscard]] bool any() const { return !std::holds_alternative<std::monostate>(value); }
  friend bool operator==(const Wanted&, const Wanted&) = default;
};

struct RuleConfig {
  std::string name;
  std::vector<std::string> devices;
  std::string place;
  std::optional<Kind> kind;
  std::string quantity;
  std::string unit;
  Decimal above;
  Decimal below;
  Wanted equals;
  Decimal rise;
  Decimal jump;
  std::chrono::milliseconds no_data{0};
  std::uint16_t two_of = 0;
  Decimal deadband;
  std::chrono::milliseconds on_delay{0};
  std::chrono::milliseconds off_delay{0};
  std::chrono::milliseconds within{0};
  std::uint16_t readings = 3;
  std::optional<AlarmLevel> level;
  std::optional<bool> latching;
  std::string text;
  std::string text_zh;
  friend bool operator==(const RuleConfig&, const RuleConfig&) = default;
};

// When a device that is not heard is silent.
struct SupervisionConfig {
  std::uint16_t silent_after = 3;  // times the interval
  bool learn = true;
  friend bool operator==(const SupervisionConfig&, const SupervisionConfig&) = default;
};

enum class LevelReading : std::uint8_t { elevation, depth };

// Of a water station: its levels, and how its readings become one. In metres.
struct WaterConfig {
  Decimal warning_level;    // 警戒水位
  Decimal guarantee_level;  // 保证水位
  std::string datum;
  Decimal mount_elevation;
  std::string surveyed;
  LevelReading level_reading = LevelReading::elevation;
  Decimal deadband;
  friend bool operator==(const WaterConfig&, const WaterConfig&) = default;
};

}  // namespace watchpost::settings

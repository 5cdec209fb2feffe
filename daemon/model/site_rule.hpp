// SiteRule: one condition of this site: what is measured, when that is an alarm, and what people
// are told. Promise: checked when it was read (settings/check_rules.hpp); two rules that are equal
// mean the same. A plain value; any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/alarm_grade.hpp"
#include "model/observation.hpp"

namespace watchpost {

enum class RuleTest : std::uint8_t {
  above,    // the limit is reached
  below,    // the same from above
  equals,   // a number, a word, yes or no
  rise,     // by so much within the window
  jump,     // from one reading to the next, up or down
  no_data,  // nothing is heard for the window
  two_of,   // so many detectors of one place say alarm within the window
};

// How readings of a water station become a level in metres.
struct Gauge {
  // Of the sensor, above the datum. Nothing: a level is told as it is, a depth is the level, and a
  // distance tells none.
  std::optional<double> elevation{};
  bool level_is_depth = false;  // a reading "level" is above the sensor, not above the datum
  friend bool operator==(const Gauge&, const Gauge&) = default;
};

struct SiteRule {
  std::string name;
  std::vector<std::string> devices{};  // empty: all that fit the next two
  std::string place{};                 // and what lies within it: "3/2" has "3/2/301"; empty: any
  std::optional<Kind> kind{};          // that a message must be of; nothing: any
  RuleTest test = RuleTest::above;
  std::string quantity{};
  std::string unit{};            // of the numbers below; empty: as the device tells it
  std::optional<Gauge> gauge{};  // set: of a water level in metres, whatever tells it
  double limit = 0;              // of above, below, rise and jump
  double deadband = 0;           // so far on the other side it is over
  Reading::Value wanted{};       // of equals
  std::chrono::milliseconds on_delay{0};
  std::chrono::milliseconds off_delay{0};
  std::chrono::milliseconds window{0};
  std::uint16_t least = 2;  // readings of a rise, detectors of two_of

  Kind alarm_kind = Kind::measurement;  // of its alarms
  AlarmGrade grade{};
  std::optional<bool> latching{};  // nothing: as its kind does
  std::string text{};              // for people
  std::string text_zh{};
  friend bool operator==(const SiteRule&, const SiteRule&) = default;
};

}  // namespace watchpost

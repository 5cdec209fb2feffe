#include "rules/signal.hpp"

#include <algorithm>

#include "support/catch.hpp"
#include "support/duty_desk.hpp"

using namespace watchpost;
using namespace watchpost::rules;
using support::said;

namespace {

std::vector<Signal> signals(const Observation& observation, bool has_alarms = true) {
  std::vector<Signal> found;
  signals_of(observation, {has_alarms}, found);
  return found;
}

bool says(const std::vector<Signal>& all, Condition condition, Says what) {
  return std::any_of(all.begin(), all.end(), [&](const Signal& each) {
    return each.condition == condition && each.says == what;
  });
}

}  // namespace

TEST_CASE("a message at rest of a device without open alarms says nothing", "[rules][unit]") {
  const Reading battery{"battery", "%EL", 87.0};
  CHECK(signals(said("d", Kind::smoke, DeclaredState::normal, {battery}), false).empty());
  CHECK(signals(said("d", Kind::water_level, DeclaredState::info, {{"level", "m", 2.0}}), false)
            .empty());
}

TEST_CASE("what a device says of its danger, its fault and its battery are signals apart",
          "[rules][unit]") {
  const auto all = signals(said("d", Kind::smoke, DeclaredState::alarm,
                                {{"low_battery", "", true}, {"tamper", "", false}}));
  CHECK(says(all, Condition::alarm, Says::so));
  CHECK(says(all, Condition::low_battery, Says::so));
  CHECK(says(all, Condition::tamper, Says::over));
  CHECK_FALSE(says(all, Condition::fault, Says::over));
  CHECK(says(signals(said("d", Kind::smoke, DeclaredState::fault)), Condition::fault, Says::so));
  CHECK(says(signals(said("d", Kind::smoke, DeclaredState::normal)), Condition::fault, Says::over));
}

TEST_CASE("a battery that is charged ends a low one, a number that says less does not",
          "[rules][unit]") {
  const auto ends = [](Reading battery) {
    const auto all = signals(said("d", Kind::smoke, DeclaredState::info, {std::move(battery)}));
    return says(all, Condition::low_battery, Says::over);
  };
  CHECK(ends({"battery", "%EL", 21.0}));
  CHECK(ends({"battery", "%", 100.0}));
  CHECK_FALSE(ends({"battery", "%EL", 20.0}));
  CHECK_FALSE(ends({"battery", "%EL", 3.0}));
  CHECK_FALSE(ends({"battery", "%EL", 3050.0}));
  CHECK_FALSE(ends({"battery", "V", 24.0}));
  CHECK_FALSE(ends({"battery", "", 87.0}));
  // Its own word weighs more than a number.
  const auto low = signals(said("d", Kind::smoke, DeclaredState::info,
                                {{"battery", "%EL", 87.0}, {"low_battery", "", true}}));
  CHECK(says(low, Condition::low_battery, Says::so));
}

TEST_CASE("null is neither so nor over", "[rules][unit]") {
  const auto all = signals(said("d", Kind::smoke, DeclaredState::info,
                                {{"low_battery", "", std::monostate{}},
                                 {"tamper", "", std::monostate{}},
                                 {"battery", "%EL", std::monostate{}}}));
  CHECK(all.empty());
}

TEST_CASE("a detector that is silenced has not said that it is over", "[rules][unit]") {
  const auto all = signals(said("d", Kind::smoke, DeclaredState::normal, {{"muted", "", true}}));
  CHECK_FALSE(says(all, Condition::alarm, Says::over));
}

TEST_CASE("a tilted probe is a fault, and what it measures ends nothing and has no peak",
          "[rules][unit]") {
  const std::vector<Reading> tilted{{"distance", "mm", 300.0}, {"tilt", "", true}};
  const auto over = signals(said("d", Kind::water_distance, DeclaredState::normal, tilted));
  CHECK(says(over, Condition::fault, Says::so));
  CHECK_FALSE(says(over, Condition::alarm, Says::over));
  const auto so = signals(said("d", Kind::water_distance, DeclaredState::alarm, tilted));
  const auto alarm = std::find_if(
      so.begin(), so.end(), [](const Signal& each) { return each.condition == Condition::alarm; });
  REQUIRE(alarm != so.end());
  CHECK(alarm->is_doubtful);
  CHECK_FALSE(alarm->value);
  const auto upright =
      signals(said("d", Kind::water_distance, DeclaredState::alarm, {{"distance", "mm", 300.0}}));
  CHECK(says(upright, Condition::fault, Says::over));
  CHECK(says(upright, Condition::alarm, Says::believable));
}

TEST_CASE("a reading that cannot be so is a fault of its own until one can", "[rules][unit]") {
  Observation reading =
      said("d", Kind::measurement, DeclaredState::info, {{"temperature", "Cel", 3276.7}});
  reading.quality = Quality::suspect;
  CHECK(says(signals(reading, false), Condition::implausible, Says::so));
  CHECK_FALSE(says(signals(reading), Condition::fault, Says::so));
  reading.quality = Quality::ok;
  CHECK(says(signals(reading), Condition::implausible, Says::over));
  CHECK(signals(reading, false).empty());
  // Its battery says nothing of what it measures.
  const Observation battery =
      said("d", Kind::measurement, DeclaredState::info, {{"battery", "%EL", 90.0}});
  CHECK_FALSE(says(signals(battery), Condition::implausible, Says::over));
}

TEST_CASE("a reading that cannot be so is told once, and not of the past", "[rules][unit]") {
  Observation reading = said("d", Kind::water_level, DeclaredState::fault);
  reading.quality = Quality::invalid;
  CHECK(says(signals(reading), Condition::fault, Says::so));
  CHECK_FALSE(says(signals(reading), Condition::implausible, Says::so));
  reading.state = DeclaredState::info;
  CHECK(says(signals(reading), Condition::implausible, Says::so));
  reading.history = true;
  CHECK_FALSE(says(signals(reading), Condition::implausible, Says::so));
  reading.history = false;
  reading.stored_copy = true;
  CHECK_FALSE(says(signals(reading), Condition::implausible, Says::so));
}

TEST_CASE("a device's clock is in doubt until a message names a time that is not",
          "[rules][unit]") {
  Observation message = said("d", Kind::smoke, DeclaredState::normal);
  message.observed_at = WallTime{std::chrono::hours{24 * 365 * 60}};
  message.time_source = TimeSource::device;
  CHECK(says(signals(message), Condition::clock_suspect, Says::over));
  message.flags = {"clock_suspect"};
  const auto all = signals(message, false);
  REQUIRE(says(all, Condition::clock_suspect, Says::so));
  CHECK(all.front().kind == Kind::device_status);
  // Nobody knows whose clock is wrong.
  std::vector<Signal> found;
  signals_of(message, {false, false}, found);
  CHECK(found.empty());
  // A part of a fire panel has none of its own.
  message.readings = {{"part_addr", "", "000600d9"}};
  CHECK_FALSE(says(signals(message), Condition::clock_suspect, Says::so));
  // The network's time says nothing of the device's clock.
  message.flags.clear();
  message.time_source = TimeSource::network;
  CHECK_FALSE(says(signals(message), Condition::clock_suspect, Says::over));
}

#include "simulator/weather.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace watchpost::simulator {
namespace {

constexpr double kHoursPerDay = 24;
constexpr double kTideHours = 12.42;

struct Shower {
  double begin = 0;  // hour of the day
  double hours = 0;
  double peak = 0;  // mm/h
};

// One shower a day, sometimes a storm; it is always over before midnight.
Shower shower_of(std::uint64_t seed, std::uint64_t day) {
  Random random(seed ^ (day * 0xD1B54A32D192ED03ULL));
  Shower shower;
  shower.begin = random.in({8, 18});
  shower.hours = random.in({1.5, 4});
  shower.peak = random.chance(0.3) ? random.in({25, 60}) : random.in({4, 18});
  return shower;
}

// Rain of a shower rises and falls as half a sine; the share that has fallen so far is its
// integral, from 0 to 1.
double fallen_share(const Shower& shower, double hour) {
  const double part = std::clamp((hour - shower.begin) / shower.hours, 0.0, 1.0);
  return (1 - std::cos(part * std::numbers::pi)) / 2;
}

double total_of(const Shower& shower) {
  return shower.peak * shower.hours * 2 / std::numbers::pi;
}

// The water begins to rise an hour after the rain began, and runs off in about six hours.
double rise_after(const Shower& shower, double hours_since_begin) {
  const double since = hours_since_begin - 1;
  if (since <= 0) return 0;
  const double reach = std::min(1.0, total_of(shower) / 60);
  const double filling = std::min(1.0, since / shower.hours);
  const double leaving = std::exp(-std::max(0.0, since - shower.hours) / 6);
  return reach * filling * leaving;
}

}  // namespace

double hour_of_day(SimTime time) {
  const double hours = std::chrono::duration<double, std::ratio<3'600>>(time).count();
  return std::fmod(hours, kHoursPerDay);
}

Weather weather_at(std::uint64_t seed, SimTime time) {
  const double hours = std::chrono::duration<double, std::ratio<3'600>>(time).count();
  const auto day = static_cast<std::uint64_t>(hours / kHoursPerDay);
  const double hour = hour_of_day(time);
  const Shower shower = shower_of(seed, day);

  Weather weather;
  const double sun = std::sin((hour - 9) / kHoursPerDay * 2 * std::numbers::pi);
  weather.rain_total = total_of(shower) * fallen_share(shower, hour);
  const bool raining = hour > shower.begin && hour < shower.begin + shower.hours;
  if (raining) {
    weather.rain = shower.peak * std::sin((hour - shower.begin) / shower.hours * std::numbers::pi);
  }
  weather.temperature = 16 + 6 * sun - std::min(4.0, weather.rain / 5);
  weather.rise = rise_after(shower, hour - shower.begin);
  if (day > 0) {
    const Shower before = shower_of(seed, day - 1);
    weather.rise = std::max(weather.rise, rise_after(before, hour + kHoursPerDay - before.begin));
  }
  weather.wave = std::sin(hours / kTideHours * 2 * std::numbers::pi);
  return weather;
}

double activity_at(SimTime time) {
  const double hour = hour_of_day(time);
  if (hour < 5.5 || hour > 22.5) return 0.08;
  const auto around = [hour](double peak) { return std::exp(-std::pow((hour - peak) / 2, 2)); };
  return std::min(1.0, 0.25 + 0.7 * around(7.5) + 0.5 * around(12) + 0.75 * around(19));
}

}  // namespace watchpost::simulator

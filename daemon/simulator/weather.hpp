// Weather: what all devices of the village measure at a moment of the simulated day.
// Promise: a function of seed and time alone. Pure.
#pragma once

#include <cstdint>

#include "simulator/village.hpp"

namespace watchpost::simulator {

struct Weather {
  double temperature = 0;  // Cel, outdoors
  double rain = 0;         // mm/h
  double rain_total = 0;   // mm since midnight
  double rise = 0;         // 0..1: how far the water stands above its ordinary level
  double wave = 0;         // -1..1: slow swing of rivers near the sea
};
[[nodiscard]] Weather weather_at(std::uint64_t seed, SimTime time);

// 0..1: how likely a person moves about in a room at this hour.
[[nodiscard]] double activity_at(SimTime time);

[[nodiscard]] double hour_of_day(SimTime time);

}  // namespace watchpost::simulator

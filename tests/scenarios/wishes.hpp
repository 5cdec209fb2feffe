// The words of a scenario as what judgement takes: observations of devices, commands of people.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "scenarios/script.hpp"
#include "support/duty_desk.hpp"

namespace watchpost::scenarios {

// "smoke-301 reports smoke alarm, smoke 12, low_battery yes, late from 02:00:00"
[[nodiscard]] Observation observation_in(const Happening& happening, WallTime now);
// "Wang takes 1", "Wang closes 1 as false: rice burnt", ...
[[nodiscard]] Command wish_in(const Happening& happening, support::DutyDesk& desk);
// "10 minutes" at words[at] and the next.
[[nodiscard]] std::chrono::seconds span_in(const std::vector<std::string>& words, std::size_t at);

}  // namespace watchpost::scenarios

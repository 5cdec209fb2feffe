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
// Who reports, over what, and how often.
struct Round {
  std::vector<std::string> devices;
  std::string radio;
  std::string broker;
  std::chrono::seconds every{0};  // 0 while it lasts: now and then
  std::chrono::seconds lasts{0};  // 0: once
};
// "17 devices report smoke normal, over zigbee2mqtt, through hall, every 1 hours for 8 days"
[[nodiscard]] Round round_in(const Happening& happening);
// "Wang takes 1", "Wang closes 1 as false: rice burnt", ...
[[nodiscard]] Command wish_in(const Happening& happening, support::DutyDesk& desk);
// "10 minutes" at words[at] and the next.
[[nodiscard]] std::chrono::seconds span_in(const std::vector<std::string>& words, std::size_t at);

}  // namespace watchpost::scenarios

// OutputConfig: what sounds when there is an alarm.
// Promise: plain values, checked while they were read and never changed afterwards.
// Built at start-up; read on any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace watchpost::settings {

enum class OutputKind : std::uint8_t { mqtt };

struct OutputConfig {
  std::string name;
  OutputKind kind = OutputKind::mqtt;
  std::string broker;      // name of a [[broker]]; empty: a client of our own listener
  std::uint16_t step = 0;  // sounds with alarms that have been escalated so often
  std::string topic;
  std::string on;
  std::string off;
  std::chrono::milliseconds lasts{30'000};
  std::string state_topic;
  std::string state_on;
  std::string state_off;
  friend bool operator==(const OutputConfig&, const OutputConfig&) = default;
};

}  // namespace watchpost::settings

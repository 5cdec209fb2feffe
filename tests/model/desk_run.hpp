// A run of a duty desk that a seed makes: messages, commands, time, restarts, failed commits and
// clock jumps, over a small village, so that they meet.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace watchpost::model {

struct DeskRun {
  std::uint64_t seed = 0;
  std::size_t steps = 60;
};

struct DeskOutcome {
  std::vector<std::string> broken;  // promises, with the alarm; empty: all held
  std::vector<std::string> course;  // what was done, for who looks for the cause
  std::size_t transitions = 0;
  std::size_t silences = 0;  // that were told
  std::size_t commands_done = 0;
};

[[nodiscard]] DeskOutcome run(const DeskRun& run);

}  // namespace watchpost::model

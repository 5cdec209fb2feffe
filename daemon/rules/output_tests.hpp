// Output tests: a siren or a channel is tried by the way that an alarm would take, when a person
// asks for it, and how that ended is kept.
// Promise: one at a time; a test that nobody has heard the end of stays under way. I/O thread only.
#pragma once

#include <chrono>
#include <string>

#include "rules/step.hpp"

namespace watchpost::rules {

// What is not tested for longer may be dead without anybody knowing.
inline constexpr std::chrono::hours kTestOutputsEvery{24 * 35};

// Refused where no output has that name, or another test is under way.
[[nodiscard]] CommandResult begin_output_test(Step& step, const Command& command);

// How the test of `output` that began at `since` ended.
struct OutputTestEnd {
  std::string output;
  ServiceTime since{};
  ToldHow how = ToldHow::accepted;
  std::string detail{};
};
// Nothing where no such test is under way.
void end_output_test(Step& step, const OutputTestEnd& end);

}  // namespace watchpost::rules

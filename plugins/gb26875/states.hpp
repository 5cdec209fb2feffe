// What the bits of a state mean (GB/T 26875.3-2011 figures 6, 7 and 13), and the bits of an
// operation (figures 9 and 14).
// Promise: fire is an alarm also where bit 0 says "test", flagged ambiguous_test_bit, because
// devices are known that leave that bit 0 always. A reserved bit is `unknown`, flagged
// not_understood, unless something worse is said. Nothing that was set is left out of the readings.
// Pure.
#pragma once

#include <cstdint>
#include <string>

#include "sdk/observation.hpp"

namespace watchpost::gb26875 {

enum class StateOf : std::uint8_t { system, part, transmission_device };

struct State {
  StateOf of = StateOf::part;
  std::uint16_t bits = 0;
  bool starting_tells_of_fire = false;  // tells_of_fire() or puts_out_fires()
  std::uint16_t ignored = 0;            // reserved bits that this site's devices set for nothing
};

// Sets state, readings and flags. True: it has a bit that is not understood.
bool describe(const State& state, sdk::Observation& observation);

enum class OperationAt : std::uint8_t { system, transmission_device };
bool describe_operation(OperationAt at, std::uint8_t bits, sdk::Observation& observation);

}  // namespace watchpost::gb26875

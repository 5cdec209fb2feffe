// What a message as a whole says about each observation that was decoded from it, whatever the
// decoder said. Promise: an observation from a broker's stored copy is marked as one and flagged
// "retained"; a time more than a day ahead of ours is flagged "clock_suspect"; one with
// a number that no sensor can measure is of quality `suspect` and flagged "out_of_range". Pure.
#pragma once

#include "decode/decoder.hpp"

namespace watchpost::decode {

// A danger is declared with this state.
[[nodiscard]] constexpr bool is_alarming(DeclaredState state) {
  return state == DeclaredState::alarm || state == DeclaredState::suspected ||
         state == DeclaredState::confirmed;
}

void apply_frame_facts(const Frame& frame, Observation& observation);

}  // namespace watchpost::decode

// What a frame says about everything decoded from it, whatever the decoder said.
// Promise: a stored copy never declares an alarm (it becomes history, flagged "retained"); a time
// more than a day ahead of ours is flagged "clock_suspect". Pure.
#pragma once

#include "decode/decoder.hpp"

namespace watchpost::decode {

void apply_frame_facts(const Frame& frame, Observation& observation);

}  // namespace watchpost::decode

// Reachability: how a decoder says that a device, or the program behind a topic, is on line or off
// line.
// Promise: all decoders tell it in one form, a device_status with the reading "online". Used inside
// decode(), on the daemon's I/O thread.
#pragma once

#include <string_view>

#include "sdk/decoder.hpp"

namespace watchpost::sdk {

// What it means to be off line. `ordinary`, of what falls asleep and comes back: a fact, no fault.
enum class OffLine { fault, ordinary };

inline Verdict emit_reachability(Sink& sink, std::string_view device, bool online,
                                 OffLine meaning = OffLine::fault) {
  const watchpost_state judged = online ? WATCHPOST_NORMAL : WATCHPOST_FAULT;
  Observation observation(WATCHPOST_DEVICE_STATUS,
                          meaning == OffLine::fault ? judged : WATCHPOST_INFO);
  sink.emit(observation.device(device).boolean({"online"}, online));
  return Verdict::decoded;
}

}  // namespace watchpost::sdk

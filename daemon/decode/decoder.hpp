// Decoder: turns one message into observations, chosen by topic filter and device profile.
// Promise: a pure function of its options, the frame and its own state; no I/O, threads or clock.
// It never guesses at bytes: what it cannot read for certain is `malformed` with a reason.
// I/O thread only.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "model/observation.hpp"
#include "model/topic.hpp"

namespace watchpost::decode {

struct Frame {
  const Topic& topic;
  std::string_view payload;
  bool retained = false;  // a stored copy from a broker: never an alarm, never news
  WallTime received_at{};
};

enum class Outcome : std::uint8_t {
  decoded,    // observations say what it was
  ignored,    // understood, and nothing to keep as an event (command echo, confirm): `why` says it
  malformed,  // ours, but broken: kept as received, marked, `why` says what is wrong
  not_mine,   // not this decoder's message; the next one may try
};

struct Decoding {
  Outcome outcome = Outcome::not_mine;
  std::string decoder;  // name of the decoder that answered; empty when none did
  std::string device;   // set also when nothing was decoded, where the topic or envelope names it
  std::vector<Observation> observations;
  std::string why;
};

class Decoder {
 public:
  virtual ~Decoder() = default;
  [[nodiscard]] virtual std::string_view name() const = 0;
  virtual Decoding decode(const Frame& frame) = 0;
};

}  // namespace watchpost::decode

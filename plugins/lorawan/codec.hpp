// Payload codecs: device bytes of LoRaWAN uplinks, chosen by device profile.
// Promise: bytes only; the envelope (ChirpStack, The Things Stack) sets device, time and counters,
// so that each codec serves every network server. Never guesses: the profile says what the bytes
// are. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sdk/observation.hpp"

namespace watchpost::lorawan {

struct Uplink {
  std::string_view bytes;
  int port = 0;
};

// Observations without device; those without a time take the envelope's.
struct Decoded {
  std::vector<sdk::Observation> observations;
  std::vector<std::uint32_t> ages;  // of stored ones: s before the uplink; empty: none has one
  std::string why;                  // where it is malformed
  std::string unread;  // a sentence: what of it was not read, though the rest was; empty: nothing
};

// Both are a codec's answer: with an observation, or with why there is none.
inline bool keep(Decoded& decoded, sdk::Observation observation) {
  decoded.observations.push_back(std::move(observation));
  return true;
}
inline bool malformed(Decoded& decoded, std::string_view why) {
  decoded.observations.clear();
  decoded.ages.clear();
  decoded.why = why;
  return false;
}

// False: malformed. True without observations: nothing to keep (an answer to a configuration
// command).
using Codec = bool (*)(const Uplink& uplink, Decoded& decoded);

struct NamedCodec {
  std::string_view profile;
  Codec decode;
};

// Nothing where no codec has that name. Case does not count, '-' and ' ' count as '_'.
[[nodiscard]] Codec find_codec(std::string_view profile);
[[nodiscard]] std::vector<std::string_view> codec_names();

}  // namespace watchpost::lorawan

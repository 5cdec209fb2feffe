#include "decode/frame_facts.hpp"

#include <algorithm>

#include "decode/possible.hpp"

namespace watchpost::decode {
namespace {

constexpr auto kAhead = std::chrono::hours{24};

void add_flag(Observation& observation, std::string_view flag) {
  auto& flags = observation.flags;
  if (std::find(flags.begin(), flags.end(), flag) == flags.end()) flags.emplace_back(flag);
}

}  // namespace

void apply_frame_facts(const Frame& frame, Observation& observation) {
  if (frame.retained) {
    observation.stored_copy = true;
    add_flag(observation, "retained");
  }
  if (observation.observed_at && *observation.observed_at > frame.received_at + kAhead) {
    add_flag(observation, "clock_suspect");
  }
  const auto& readings = observation.readings;
  if (!std::all_of(readings.begin(), readings.end(), is_possible)) {
    if (observation.quality == Quality::ok) observation.quality = Quality::suspect;
    add_flag(observation, "out_of_range");
  }
}

}  // namespace watchpost::decode

// Absence: of whom nothing is heard, since when, and whom that keeps from being heard: what people
// read beside an alarm of silence. A plain value; any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"

namespace watchpost {

struct Absence {
  static constexpr std::size_t kMostNamed = 8;

  std::optional<WallTime> heard{};     // last; nothing: not since this start, or by a wrong clock
  std::chrono::seconds expected{0};    // how often it is heard; 0: of a radio
  bool is_learned = false;             // the same
  std::uint32_t affects = 0;           // of a radio: devices that are heard over it
  std::vector<std::string> devices{};  // the first of them
  friend bool operator==(const Absence&, const Absence&) = default;
};

}  // namespace watchpost

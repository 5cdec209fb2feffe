// GapWatch: which gaps have been open for so long that somebody should look.
// Promise: a range that is missing is named once, when it was seen open for kPatience; what is left
// of it later is not named again. Memory: the gaps of the last survey. Pure; I/O thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "model/event_class.hpp"
#include "model/record.hpp"
#include "receiver/progress.hpp"

namespace watchpost::receiver {

// Numbers below one that came, which neither came nor are accounted for.
struct OpenGap {
  std::string source;
  Epoch epoch;
  EventClass event_class = EventClass::telemetry;
  SeqRange range;
};

struct Survey {
  static constexpr std::size_t kMostGaps = 1'000;
  std::uint64_t gateways = 0;
  std::vector<OpenGap> gaps;  // the first kMostGaps
};

class GapWatch {
 public:
  static constexpr std::chrono::minutes kPatience{1};

  // The gaps to tell of now.
  [[nodiscard]] std::vector<OpenGap> look(const Survey& survey, SteadyTime now);

 private:
  struct Seen {
    OpenGap gap;
    SteadyTime since;
    bool told = false;
  };
  std::vector<Seen> seen_;
};

}  // namespace watchpost::receiver

// LearnedInterval: how long a device is usually not heard, learnt from a week of its messages.
// Promise: what sends only when something happens has none, by the shape of its gaps: theirs are of
// all lengths, those of a clock in the device pile up at one (decision 0071). Bounded: a few bytes
// for each length of gap that was seen, kLengths at most. Pure; any one thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace watchpost::rules {

class LearnedInterval {
 public:
  static constexpr std::chrono::hours kWeek{168};
  // Nothing shorter is learnt: who sends each ten seconds may be out for a minute.
  static constexpr std::chrono::minutes kLeast{5};
  // Lengths of gaps, each 4.4 % longer than the one before; the last one is of three days and more.
  static constexpr std::size_t kLengths = 160;

  LearnedInterval() = default;
  // As text() wrote it; of anything else nothing is learnt yet.
  explicit LearnedInterval(std::string_view text);

  // Between two messages. True: a week was seen since the last time, and interval() is anew.
  bool add(std::chrono::milliseconds gap);
  // Of the weeks that were seen, the last one counting most. Nothing: there is none.
  [[nodiscard]] std::optional<std::chrono::seconds> interval() const;
  [[nodiscard]] std::string text() const;
  [[nodiscard]] bool any() const { return !seen_.empty(); }

 private:
  // Four bytes: what is moved by people too has gaps of a hundred lengths.
  struct Seen {
    std::uint32_t length : 8 = 0;
    std::uint32_t seconds : 24 = 0;  // of all gaps of this length; kMostSeconds at most
  };
  // What counts is halved each week that it is more than two; 24 bits hold six times as much.
  static constexpr std::uint32_t kMostSeconds = 4 * 168 * 3'600;
  struct Pile {
    std::size_t length = 0;  // the longest of its gaps
    double seconds = 0;
    double gaps = 0;
  };
  [[nodiscard]] Pile pile_from(std::size_t length) const;
  [[nodiscard]] std::uint64_t total() const;
  void put(Seen gap);

  std::vector<Seen> seen_;  // by length
  std::uint32_t rest_ms_ = 0;
  std::uint32_t since_s_ = 0;  // seen since the last time
};

}  // namespace watchpost::rules

// Errands: commands on their way down to a village, until the village has answered.
// Promise: each is told once: the village's own answer, found by its key, or that none came in
// time. Meanwhile it is sent again every kAgain, under the same key, so a village that was away for
// a moment, or died between doing it and saying so, answers all the same, and nothing is done
// twice. Bounded. Pure: the caller brings the time, and sends. I/O thread only.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "model/command.hpp"

namespace watchpost::villages {

class Errands {
 public:
  static constexpr std::size_t kMost = 64;
  static constexpr std::chrono::milliseconds kAgain{1'000};
  static constexpr std::chrono::milliseconds kPatience{7'000};  // below the local API's own

  using Told = std::function<void(const CommandResult&)>;
  struct Errand {
    std::string prefix;  // of the village's topics
    std::string key;
    AlarmNumber alarm{};
    std::string text;  // of the command
  };
  // False: there is no room. Else it is due at once.
  [[nodiscard]] bool begin(Errand errand, SteadyTime now, Told told);
  // Sends what is due and ends what has waited too long.
  void look(SteadyTime now, const std::function<void(const Errand&)>& send);
  // A message of a village; what is no answer to an errand is passed over.
  struct Arrived {
    std::string_view topic;
    std::string_view payload;
  };
  void heard(const Arrived& message);
  [[nodiscard]] bool any() const { return !waiting_.empty(); }

 private:
  struct Waiting {
    Errand errand;
    SteadyTime until;
    SteadyTime next;
    Told told;
  };
  std::vector<Waiting> waiting_;
};

}  // namespace watchpost::villages

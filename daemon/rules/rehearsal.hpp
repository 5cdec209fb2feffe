// Rehearsal: what rules would have raised by what was heard, each episode once, as if somebody had
// taken each at once.
// Promise: the engine is that of the daemon (judgement.hpp), moved by the times of the records;
// nothing of a store or of the running daemon is touched. Pure; any one thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "rules/judgement.hpp"

namespace watchpost::rules {

struct Rehearsed {
  std::string device;
  std::string rule;
  AlarmGrade grade;
  WallTime from{};
  std::optional<WallTime> until{};  // nothing: it was not over at the end
  std::optional<double> peak{};
};

class Rehearsal {
 public:
  // `devices`: with their places. `start`: the time of the first record that is given.
  Rehearsal(std::shared_ptr<const Conditions::Rules> rules,
            const std::vector<SharedDevice>& devices, WallTime start);

  // In the order of `heard`, which never goes back; a record of before the range fills what rules
  // remember and says nothing.
  void recall(const Observation& observation, WallTime heard);
  // The range begins.
  void begin(WallTime at);
  void hear(const Observation& observation, WallTime heard);
  // Time passes until then, and that was all. In the order in which they began.
  [[nodiscard]] std::vector<Rehearsed> end(WallTime at);

 private:
  [[nodiscard]] Moment moment_at(WallTime wall);
  void pass(WallTime until);
  void settle(const Changes& changes);
  void note(const Transition& transition);
  void take(AlarmNumber number);

  WallTime start_;
  Moment now_{};
  Judgement judgement_;
  std::vector<Rehearsed> all_;
  std::map<AlarmSerial, std::size_t> open_;  // by the number of the alarm, in `all_`
  std::uint64_t keys_ = 0;
};

}  // namespace watchpost::rules

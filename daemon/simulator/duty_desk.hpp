// DutyDesk: the people on duty of a simulated village. They take each open alarm after a moment,
// have some escalated first, and close what is over.
// Promise: each act is done once, and only to alarms of the simulated devices, so that a real one
// on the same daemon is left to real people. Pure; used from one thread.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/command.hpp"

namespace watchpost::simulator {

class DutyDesk {
 public:
  // `devices`: whose alarms they see to. `escalates_every`: of so many alarms one is escalated
  // before it is taken; at least 1.
  DutyDesk(std::set<std::string> devices, std::uint64_t escalates_every)
      : devices_(std::move(devices)), escalates_every_(escalates_every) {}
  // What to ask of the daemon now, without keys. `answer`: that of GET /v1/alarms; where it cannot
  // be read there is nothing to do.
  [[nodiscard]] std::vector<Command> look(std::string_view answer);
  // Whether the last list had an alarm that waits for them.
  [[nodiscard]] bool has_more() const { return has_more_; }
  // Whether it had one of their devices at all.
  [[nodiscard]] bool has_open() const { return has_open_; }
  // Alarms of its devices that the lists had so far.
  [[nodiscard]] std::size_t seen() const { return seen_.size(); }

 private:
  // An alarm as its list has it.
  struct Seen {
    std::string number;  // "7f3a0001-37"
    std::uint32_t revision = 0;
  };
  void act(const Seen& alarm, DutyAction action, std::vector<Command>& acts);

  std::set<std::string> devices_;
  std::uint64_t escalates_every_;
  std::set<std::string> done_;  // "7f3a0001-37 2 take": with the revision that was seen
  std::set<std::string> seen_;  // "7f3a0001-37"
  bool has_more_ = false;
  bool has_open_ = false;
};

}  // namespace watchpost::simulator

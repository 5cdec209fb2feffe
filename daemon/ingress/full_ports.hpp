// FullPorts: ports that had no room for another connection.
// Promise: a port is named from the first time on, until it has turned nobody away for kFullFor.
// Pure; I/O thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "model/trouble.hpp"

namespace watchpost::ingress {

class FullPorts {
 public:
  static constexpr std::chrono::hours kFullFor{1};

  void note(std::uint16_t port, const Trouble& full, SteadyTime now) {
    by_port_.insert_or_assign(port, std::pair(full, now));
  }
  void append_to(std::vector<Trouble>& troubles, SteadyTime now) const {
    for (const auto& [port, full] : by_port_) {
      if (now - full.second < kFullFor) troubles.push_back(full.first);
    }
  }

 private:
  std::map<std::uint16_t, std::pair<Trouble, SteadyTime>> by_port_;  // ours
};

}  // namespace watchpost::ingress

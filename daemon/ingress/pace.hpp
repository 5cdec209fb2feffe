// Pace: whether the bytes of a client come in quick succession.
// Promise: to wait for more bytes without room for them costs a step more for each read (about a
// twentieth of the CPU time at saturation), and saves 4 KiB; so only who comes rarely waits so. I/O
// thread only.
#pragma once

#include <chrono>
#include <cstdint>

#include "base/clock.hpp"

namespace watchpost::ingress {

class Pace {
 public:
  void heard(SteadyTime now) {
    quick_ = now - last_ < std::chrono::seconds(1) ? quick_ + 1 : 0;
    last_ = now;
  }
  [[nodiscard]] bool is_quick() const { return quick_ >= 16; }

 private:
  SteadyTime last_{};
  std::uint32_t quick_ = 0;
};

}  // namespace watchpost::ingress

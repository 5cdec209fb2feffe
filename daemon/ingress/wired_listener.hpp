// WiredListener: wired stations over TCP, on any number of addresses, each in its protocol.
// Promise: an answer that confirms leaves only after the intake settled the message with success;
// one station's noise, silence or slowness harms no other. A port that cannot be had is a Failure.
// I/O thread only. Surroundings outlive the WiredListener. After its destruction its context may
// still run and tickets may still settle; neither has an effect.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <vector>

#include "base/result.hpp"
#include "ingress/surroundings.hpp"
#include "ingress/wired_options.hpp"

namespace watchpost::ingress {

class WiredListener {
 public:
  explicit WiredListener(Surroundings around, WiredLimits limits = {});
  WiredListener(const WiredListener&) = delete;
  WiredListener& operator=(const WiredListener&) = delete;
  ~WiredListener();

  // Called once: opens every address or none, and accepts.
  [[nodiscard]] Result<void> start(std::vector<WiredOptions> addresses);
  // Stops accepting and reading, waits for the outcome of every hand-over, sends the answers and
  // closes. At the deadline what is left is cut off.
  void stop(std::chrono::milliseconds deadline, std::function<void()> stopped);
  [[nodiscard]] WiredStatus status() const;

 private:
  class Core;
  std::shared_ptr<Core> core_;
};

}  // namespace watchpost::ingress

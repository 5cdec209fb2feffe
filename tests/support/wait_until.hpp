// wait_until: waits for what happens in another process.
// Promise: true as soon as the condition holds, false after `limit`. Sleeps between two looks,
// because nobody tells this process.
#pragma once

#include <chrono>
#include <thread>

namespace watchpost::support {

template <class Condition>
[[nodiscard]] bool wait_until(Condition condition, std::chrono::milliseconds limit) {
  const auto end = std::chrono::steady_clock::now() + limit;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds{5});
  }
  return true;
}

}  // namespace watchpost::support

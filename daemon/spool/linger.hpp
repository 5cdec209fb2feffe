// Linger: how long status and telemetry wait for company before they are committed.
// Why: a commit of one row writes some 9 KB and costs a sync, one of a hundred rows 0.85 KB a row;
// twenty messages a second, committed one by one, write 16 GB a day, which an SD card does not
// survive for long.
// Promise: nobody waits longer than `longest`, and where traffic is heavy nobody waits at all: a
// batch is complete once it is large enough to be cheap, and as soon as those who were answered
// last have sent again. For such clients wait for us: they send no more before their PUBACK, so
// without this a client that empties its memory with one message at a time would get `longest` for
// each. Alarms, patrols and session facts do not ask here, and take what waits along. Pure; used
// under the spool's mutex.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <optional>

#include "base/clock.hpp"
#include "base/strong.hpp"

namespace watchpost::spool {

class Linger {
 public:
  static constexpr std::size_t kEnough = 128;
  static constexpr ByteCount kEnoughBytes{64U << 10U};
  // What comes this soon after an answer may be the reply to it.
  static constexpr std::chrono::milliseconds kEcho{100};

  explicit Linger(SteadyDuration longest) : longest_(longest) {}

  // One more waits. True where that changes when they are due.
  bool added(SteadyTime now, ByteCount size) {
    const bool first = waiting_++ == 0;
    if (first) oldest_ = now;
    bytes_.value += size.value;
    if (hurried_) return false;
    const bool echo = waiting_ >= echo_size_ && now < echo_until_;
    hurried_ = echo || is_enough(waiting_, bytes_);
    return first || hurried_;
  }

  // A commit takes some, and leaves what is more than one commit takes.
  void taken(std::size_t count, ByteCount size) {
    // What was enough fills up by itself again; a tenth may have had nothing more to say.
    const bool answers = count > 0 && !is_enough(count, size);
    echo_size_ = answers ? count - count / 10 : kNever;
    waiting_ -= count;
    bytes_.value -= size.value;
    hurried_ = waiting_ > 0;
  }

  // Those of the last commit have their PUBACKs.
  void answered(SteadyTime now) {
    echo_until_ = now + std::min<SteadyDuration>(kEcho, longest_ / 2);
  }

  // When those who wait are to be committed; nothing where nobody waits.
  [[nodiscard]] std::optional<SteadyTime> due_at() const {
    if (waiting_ == 0) return std::nullopt;
    return hurried_ ? oldest_ : oldest_ + longest_;
  }

 private:
  static constexpr std::size_t kNever = static_cast<std::size_t>(-1);
  static bool is_enough(std::size_t count, ByteCount size) {
    return count >= kEnough || size >= kEnoughBytes;
  }

  SteadyDuration longest_;
  SteadyTime oldest_{};  // of those waiting
  std::size_t waiting_ = 0;
  ByteCount bytes_;
  bool hurried_ = false;
  std::size_t echo_size_ = kNever;
  SteadyTime echo_until_{};
};

}  // namespace watchpost::spool

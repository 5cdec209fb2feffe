// Linger: how long status and telemetry wait for company before they are committed.
// Why: a commit of one row writes some 9 KB and costs a sync, one of a hundred rows 0.85 KB a row;
// twenty messages a second, committed one by one, write 16 GB a day, which an SD card does not
// survive for long.
// Promise: nobody waits longer than `longest`, and where traffic is heavy nobody waits at all: a
// group is complete once it is large enough to be cheap, and as soon as the clients that were
// answered last have sent again. For such clients wait for us: they send no more before their
// PUBACK, so without this a client that empties its memory with one message at a time would get
// `longest` for each. Alarms, patrols and session facts do not ask here, and take what waits along.
// Pure; used under the spool's mutex.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/strong.hpp"

namespace watchpost::spool {

class Linger {
 public:
  // Tells clients apart; null: nobody who waits for an answer.
  using Client = const void*;
  // The appends that one commit takes from the ordinary queue.
  struct Taken {
    std::vector<Client> clients;  // one for each
    ByteCount size;
  };

  static constexpr std::size_t kEnough = 128;
  static constexpr ByteCount kEnoughBytes{64U << 10U};
  // What a client sends this soon after its answer may be its reply; one that sends as often by
  // itself is found out by waiting in full once in a while.
  static constexpr std::chrono::milliseconds kEcho{30};
  static constexpr std::size_t kMostEchoesInRow = 100;

  explicit Linger(SteadyDuration longest) : longest_(longest) {}

  // One more waits. True where that changes when they are due.
  bool added(SteadyTime now, ByteCount size, Client client) {
    const bool first = waiting_++ == 0;
    if (first) oldest_ = now;
    bytes_.value += size.value;
    if (hurried_) return false;
    if (now < echo_until_ && std::binary_search(answered_.begin(), answered_.end(), client)) {
      ++echoes_;
    }
    is_echo_ = echoes_ >= echo_size_;
    hurried_ = is_echo_ || is_enough(waiting_, bytes_);
    return first || hurried_;
  }

  void taken(Taken taken) {
    echoes_in_row_ = std::exchange(is_echo_, false) ? echoes_in_row_ + 1 : 0;
    echoes_ = 0;
    waiting_ -= taken.clients.size();
    bytes_.value -= taken.size.value;
    // More than one commit takes: they have waited already.
    hurried_ = waiting_ > 0;
    // A group that was large enough by itself will be so again without waiting for echoes.
    // Otherwise the next group is complete when nine tenths of these clients have sent again.
    const std::size_t count = taken.clients.size();
    const bool may_echo =
        !is_enough(count, taken.size) && echoes_in_row_ < kMostEchoesInRow && count > 0;
    echo_size_ = may_echo ? count - count / 10 : kNever;
    answered_ = std::move(taken.clients);
    std::sort(answered_.begin(), answered_.end());
  }

  // The clients of the last commit have their PUBACKs.
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
  std::vector<Client> answered_;  // sorted
  SteadyTime echo_until_{};
  std::size_t echo_size_ = kNever;
  std::size_t echoes_ = 0;
  bool is_echo_ = false;
  std::size_t echoes_in_row_ = 0;
};

}  // namespace watchpost::spool

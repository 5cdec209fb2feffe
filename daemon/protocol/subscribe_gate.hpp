// SubscribeGate: a SUBSCRIBE gets the retained messages that were published before it, although
// some are still on their way to the commit: it waits for them.
// Promise: it holds one SUBSCRIBE, and while it does its owner takes nothing else from the client,
// so that what the client sent after it stays behind it. Pure; I/O thread; one per connection.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "protocol/action.hpp"
#include "protocol/framer.hpp"
#include "protocol/retained_messages.hpp"

namespace watchpost::protocol {

class SubscribeGate {
 public:
  // True: this SUBSCRIBE has to wait. `actions` says for what.
  [[nodiscard]] bool holds(const Frame& frame, const RetainedMessages& retained, Actions& actions) {
    if (frame.type != PacketType::subscribe || has_waited_) return false;
    const std::uint64_t last = retained.last_begun();
    if (retained.is_settled(last)) return false;
    body_ = frame.body;
    flags_ = frame.flags;
    actions.emplace_back(AwaitRetained{last});
    return true;
  }
  [[nodiscard]] bool is_shut() const { return body_.has_value(); }
  // What it held is handed to `take`, and does not wait once more.
  template <class Take>
  void open(Take take) {
    if (!body_) return;
    const std::string body = *std::exchange(body_, std::nullopt);
    has_waited_ = true;
    take(Frame{PacketType::subscribe, flags_, body});
    has_waited_ = false;
  }

 private:
  std::optional<std::string> body_;
  std::uint8_t flags_ = 0;
  bool has_waited_ = false;
};

}  // namespace watchpost::protocol

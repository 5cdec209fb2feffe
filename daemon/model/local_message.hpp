// LocalMessage: a message as the subscribers of the listener get it: unchanged but for what MQTT
// lets a server change. Promise: a plain value that is never changed once it is shared.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "model/message.hpp"

namespace watchpost {

struct LocalMessage {
  std::string topic;
  std::string payload;
  Qos qos = Qos::at_most_once;  // as published
  bool retain = false;          // as published
  // MQTT 5.0 properties that go along (section 3.3.2.3), as on the wire with their length, without
  // Message Expiry Interval; empty: none.
  std::string properties{};
  SteadyTime expires_at = SteadyTime::max();  // nobody is sent it from then on
  std::string publisher{};                    // client id; its own No Local subscriptions skip it
};
// What is left of its Message Expiry Interval, at least a second: what leaves in its last second
// has not expired. 0: it never expires.
[[nodiscard]] inline std::chrono::seconds lifetime_of(const LocalMessage& message, SteadyTime now) {
  using std::chrono::seconds;
  if (message.expires_at == SteadyTime::max()) return seconds{0};
  return std::max(std::chrono::ceil<seconds>(message.expires_at - now), seconds{1});
}

// What it takes of a queue in memory, with its place there.
[[nodiscard]] inline std::size_t memory_in_queue(const LocalMessage& message) {
  constexpr std::size_t kPlace = 128;
  return kPlace + message.topic.size() + message.payload.size() + message.properties.size();
}

using SharedLocalMessage = std::shared_ptr<const LocalMessage>;

// What one subscriber gets of it.
struct Delivery {
  SharedLocalMessage publication;
  Qos qos = Qos::at_most_once;               // the lower of what was published and what was granted
  bool retain = false;                       // RETAIN as it is to be sent
  std::vector<std::uint32_t> identifiers{};  // Subscription Identifiers
  // It is in the log, and a cursor says who has it (decision 0042): nothing of it is committed, and
  // its answer is told to whoever keeps that cursor.
  bool from_log = false;
};

}  // namespace watchpost

// Message: what a sensor published, before anybody decoded it.
// Promise: `payload` is exactly the bytes that were received; they are what gets stored.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/clock.hpp"
#include "model/topic.hpp"

namespace watchpost {

enum class Qos : std::uint8_t { at_most_once = 0, at_least_once = 1, exactly_once = 2 };

struct Message {
  Topic topic;
  std::string payload{};
  Qos qos = Qos::at_most_once;  // as published
  bool retain = false;          // to be kept for those who subscribe later
  bool repeated = false;        // the client says that it may have sent it before (DUP)
  bool stored_copy = false;     // a broker's retained copy, sent because we subscribed: not news
  // MQTT 5.0 properties that go along to subscribers (LocalMessage::properties); null: none.
  std::shared_ptr<const std::string> properties{};
  std::uint32_t lifetime_s = 0;    // Message Expiry Interval; 0: none
  std::string content_type{};      // MQTT 5.0 section 3.3.2.3.9; empty when absent
  std::string content_encoding{};  // its User Property `content-encoding`; empty when absent
  std::string source{};  // client id of the publisher, or the name of the broker it was read from
  bool is_from_broker = false;
  WallTime received_at{};
  ClockQuality clock = ClockQuality::unset;
};

// Bytes of its texts: what it takes of a queue.
[[nodiscard]] inline std::size_t size_of(const Message& message) {
  return message.topic.text().size() + message.payload.size() +
         (message.properties ? message.properties->size() : 0);
}

}  // namespace watchpost

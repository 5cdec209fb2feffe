// SessionChange: a fact of a persistent MQTT session that must survive a crash.
// Promise: committed in the same transaction as the message it belongs to, so that QoS 2 is exactly
// once across restarts too (MQTT 5.0 section 4.3.3: the receiver keeps the packet id until PUBREL).
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/strong.hpp"
#include "model/subscriber_facts.hpp"

namespace watchpost {

struct SessionChange {
  enum class Kind : std::uint8_t {
    open,                // the session exists, with `expiry`
    remember_packet_id,  // QoS 2 message received
    forget_packet_id,    // PUBREL received
    end,                 // the session and all its packet ids are gone
  };
  Kind kind = Kind::open;
  std::string client_id;
  PacketId packet_id;
  // Session Expiry Interval; 0xFFFFFFFF seconds = never (MQTT 5.0 section 3.1.2.11.2).
  std::chrono::seconds expiry{0};
};

struct StoredSession {
  std::string client_id;
  std::chrono::seconds expiry{0};
  std::vector<PacketId> received_packet_ids;
  std::vector<SubscriptionChange> subscriptions{};
  std::uint64_t queued_up_to = 0;  // the highest number of what it is still to get; 0: nothing
  // What is left of `expiry` since its client left; nothing: its client was there, or nobody knows.
  std::optional<std::chrono::seconds> left{};
  // The last message that its client was sent; nothing: nobody knows.
  std::optional<std::uint64_t> sent_up_to{};
};

}  // namespace watchpost

// SessionState: what a session is, beyond its connection.
// Promise: a plain value; who may find it and when it ends is the SessionRegistry's part, what is
// sent of the outbox SubscriberFlow's, and what is received InboundFlow's. I/O thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include "base/clock.hpp"
#include "base/strong.hpp"
#include "protocol/authoriser.hpp"
#include "protocol/outbox.hpp"
#include "protocol/stored_wills.hpp"
#include "protocol/subscriptions.hpp"
#include "protocol/under_way.hpp"

namespace watchpost::protocol {

// MQTT 5.0 section 3.1.2.11.2: the session never expires.
inline constexpr std::chrono::seconds kNeverExpires{0xFFFFFFFF};

// How far a QoS 2 message has come whose packet id is remembered.
enum class ReceivedStage : std::uint8_t {
  committing,  // handed over, no PUBREC yet
  stored,      // committed
  releasing,   // PUBREL came; the id is free once that is committed
};

struct SessionState {
  std::string client_id;
  std::chrono::seconds expiry{0};
  bool stored = false;  // it was committed
  // It was to outlive its connection and is not any more: what it is still to get is on disk, so it
  // stays there until it ends.
  bool ends_on_disk = false;
  std::optional<ConnectionId> connection;
  std::unordered_map<PacketId, ReceivedStage> received;
  MessagesUnderWay under_way;
  std::optional<PendingWill> will;
  SteadyTime will_due = SteadyTime::max();  // while not connected
  SteadyTime ends_at = SteadyTime::max();   // while not connected
  std::map<std::string, SubscriptionTerms, std::less<>> subscriptions;
  std::size_t deep_levels = 0;     // of them, see Subscriptions::kUsualLevels
  std::unique_ptr<Outbox> outbox;  // null until there is something to get
  std::shared_ptr<OutboxRoom> room =
      std::make_shared<OutboxRoom>();  // the registry's, in a registry
  std::uint16_t receive_maximum = 0;   // of the connected client; 0: not connected
  bool is_over = false;                // no connection will find it any more
  bool reads_log = false;              // it gets events from the log, see read_log()
  // Of the client that was connected last; null: none since the start, so that what it may get is
  // known when it comes back.
  std::shared_ptr<const ClientRights> rights;

  [[nodiscard]] bool may_get(const OnItsWay& message) const {
    return !rights || rights->cover(message);
  }

  [[nodiscard]] Outbox& outbox_now() {
    if (!outbox) {
      outbox = std::make_unique<Outbox>(
          is_persistent() ? Outbox::Kept::on_disk : Outbox::Kept::in_memory, room);
      if (receive_maximum != 0) outbox->connected(receive_maximum);
    }
    return *outbox;
  }

  // True: it is on disk until it ends, so its changes must be committed.
  [[nodiscard]] bool is_persistent() const { return outlives_connection() || ends_on_disk; }
  [[nodiscard]] bool outlives_connection() const { return expiry.count() > 0; }
};

}  // namespace watchpost::protocol

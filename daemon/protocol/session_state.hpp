// SessionState: what is known of one client's session, while it is connected and while it is away.
// Promise: a plain value that the SessionRegistry owns together with the connection that uses it.
// Pure; I/O thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include "base/clock.hpp"
#include "model/message.hpp"
#include "protocol/authoriser.hpp"
#include "protocol/outbox.hpp"
#include "protocol/subscriptions.hpp"

namespace watchpost::protocol {

// How far a QoS 2 message has come whose packet id is remembered.
enum class ReceivedStage : std::uint8_t {
  committing,  // handed over, no PUBREC yet
  stored,      // committed
  releasing,   // PUBREL came; the id is free once that is committed
};

struct PendingWill {
  Message message;
  std::chrono::seconds delay{0};
  std::shared_ptr<const void> room{};  // of a large one; given back with it
};

struct SessionState {
  std::string client_id;
  std::chrono::seconds expiry{0};
  bool stored = false;  // it was committed
  std::optional<ConnectionId> connection;
  std::unordered_map<PacketId, ReceivedStage> received;
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
      outbox = std::make_unique<Outbox>(room);
      if (receive_maximum != 0) outbox->connected(receive_maximum);
    }
    return *outbox;
  }

  // True: the session is to outlive its connection, so its changes must be committed.
  [[nodiscard]] bool is_persistent() const { return expiry.count() > 0; }
};

}  // namespace watchpost::protocol

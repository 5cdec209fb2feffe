// OversizeBook: clients that sent a packet larger than `max_packet_size`, for the status.
// Promise: a client is named for a day after its last such packet, however often it connects
// meanwhile: what it sends behind that packet is lost to us, so the trouble is over only when the
// packets stop. As many clients as RecentClients remembers. Pure; I/O thread.
#pragma once

#include <chrono>
#include <vector>

#include "base/clock.hpp"
#include "ingress/listener_options.hpp"
#include "ingress/recent_clients.hpp"
#include "model/trouble.hpp"

namespace watchpost::ingress {

// Names the packet, its size and the value to set.
[[nodiscard]] Trouble trouble_of(const ListenerStatus::OversizePacket& packet);

class OversizeBook {
 public:
  static constexpr std::chrono::hours kNamedFor{24};

  // Notes the packet and counts it in `times`. Returns what to tell about it.
  Trouble note(ListenerStatus::OversizePacket packet, SteadyTime now);
  // The latest packet of each client, by client id.
  [[nodiscard]] std::vector<ListenerStatus::OversizePacket> recent(SteadyTime now) const;

 private:
  RecentClients<ListenerStatus::OversizePacket> clients_{kNamedFor};  // by client id
};

}  // namespace watchpost::ingress

// ShutOutBook: clients that are turned away, or throw each other out, again and again, and ports
// that have no room for another one: what those clients want to say is not heard, so their alarms
// do not arrive. Promise: a client is named from the kAgain-th time on; one that was turned away
// until it is let in or has stayed away for a day, two that share a client id until that has not
// happened for an hour. A port is named from the first time on, until it has turned nobody away for
// an hour. Of each kind as many clients as RecentClients remembers. Pure; I/O thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "ingress/full_ports.hpp"
#include "ingress/recent_clients.hpp"
#include "model/trouble.hpp"

namespace watchpost::ingress {

class ShutOutBook {
 public:
  static constexpr std::uint64_t kAgain = 3;
  static constexpr std::chrono::hours kNamedFor{24};
  static constexpr std::chrono::hours kSharedFor{1};

  struct Client {
    std::string client_id;  // empty: it was not heard
    std::string address;    // without the port
  };
  void turned_away(const Client& client, Trouble why, SteadyTime now);
  void let_in(const Client& client);
  // The newer connection of this client id closed the older one.
  void thrown_out(const Client& client, SteadyTime now);
  struct PortLimit {
    std::uint16_t port = 0;
    std::size_t most = 0;  // clients at a time
  };
  // A client came to a port that has as many as it may have. Returns what to tell about it.
  Trouble full(PortLimit limit, SteadyTime now);

  [[nodiscard]] std::vector<Trouble> troubles(SteadyTime now) const;

 private:
  struct TurnedAway {
    Client client;
    Trouble why;
  };

  // By client id, or by address where there is none.
  RecentClients<TurnedAway> turned_away_{kNamedFor};
  RecentClients<Client> thrown_out_{kSharedFor};
  FullPorts full_;
};

}  // namespace watchpost::ingress

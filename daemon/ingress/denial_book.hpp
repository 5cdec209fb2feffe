// DenialBook: what clients may not do and wanted to, for the status.
// Promise: a client is named for a day after the last time, with the last topic; of each kind as
// many as RecentClients remembers. Forgotten when rights are read anew: what still is not allowed
// is noted again. Pure; I/O thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "ingress/recent_clients.hpp"
#include "model/trouble.hpp"
#include "protocol/identity.hpp"

namespace watchpost::ingress {

struct Denied {
  protocol::Identity who;
  std::string topic;  // or filter
  std::string decided_by;
  std::uint16_t port = 0;  // our own, which tells the [[listener]]
};

// " (acl:12 decides)", for a line of the log; empty where nothing is known.
[[nodiscard]] std::string by_whom(const std::string& decided_by);

class DenialBook {
 public:
  static constexpr std::chrono::hours kNamedFor{24};

  // Each returns what to tell about it.
  Trouble may_not_publish(Denied denied, SteadyTime now);
  Trouble may_not_subscribe(Denied denied, SteadyTime now);
  // Part of what it subscribed to was left out for want of rights.
  void withheld(Denied denied, SteadyTime now);
  void forget();

  [[nodiscard]] std::vector<Trouble> troubles(SteadyTime now) const;

 private:
  using Denials = RecentClients<Denied>;  // by client id
  static const Denials::Entry& note(Denials& denials, Denied denied, SteadyTime now);

  Denials publishing_{kNamedFor};
  Denials subscribing_{kNamedFor};
  Denials withheld_{kNamedFor};
};

}  // namespace watchpost::ingress

// DenialBook: what clients may not do and wanted to, for the status.
// Promise: a client is named for a day after the last time, with the last topic; at most kMost of
// each kind, the one whose last time is longest ago makes room. Forgotten when rights are read
// anew: what still is not allowed is noted again. Pure; I/O thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/clock.hpp"
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
  static constexpr std::size_t kMost = 16;

  // Each returns what to tell about it.
  Trouble may_not_publish(Denied denied, SteadyTime now);
  Trouble may_not_subscribe(Denied denied, SteadyTime now);
  // Part of what it subscribed to was left out for want of rights.
  void withheld(Denied denied, SteadyTime now);
  void forget();

  [[nodiscard]] std::vector<Trouble> troubles(SteadyTime now) const;

 private:
  struct Entry {
    Denied denied;
    std::uint64_t times = 0;
    SteadyTime at{};
  };
  using Entries = std::map<std::string, Entry, std::less<>>;  // by client id
  static const Entry& note(Entries& entries, Denied denied, SteadyTime now);

  Entries publishing_;
  Entries subscribing_;
  Entries withheld_;
};

}  // namespace watchpost::ingress

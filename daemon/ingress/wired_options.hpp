// WiredOptions and WiredStatus: what is set and what is seen of the listeners of wired stations.
// Promise: each setting has a default and stated bounds; the configuration checks the bounds.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "ingress/tick.hpp"
#include "model/listener_protocol.hpp"
#include "model/sl651_modes.hpp"
#include "model/trouble.hpp"

namespace watchpost::ingress {

// One address to listen on.
struct WiredOptions {
  ListenerProtocol protocol = ListenerProtocol::gb26875;
  std::string address = "127.0.0.1";  // IPv4 or IPv6; "::" takes IPv6 only
  std::uint16_t port = 0;             // 0 = any free one, for tests
  // 1 .. 50000. Where all places are taken, a connection that never sent a frame or is silent for
  // long makes room (WiredLimits); without one, the newcomer is closed.
  std::size_t max_connections = 5'000;
  std::chrono::minutes zone{480};  // east of UTC: what the stations call their time
  std::shared_ptr<const Sl651Answering> sl651 = std::make_shared<const Sl651Answering>();
};

// What all addresses share.
struct WiredLimits {
  std::chrono::milliseconds tick = kTick;  // how often the deadlines are looked at
  // An unfinished frame to which nothing comes for so long stays unfinished. A station waits 10 s
  // for its answer (GB/T 26875.3-2011 section 6.5.4), so its next try comes behind a clean start.
  std::chrono::milliseconds pause{5'000};
  // So long a connection keeps its place from a newcomer where all places are taken: before its
  // first frame, and after its last. A station whose network broke leaves a dead connection behind.
  std::chrono::milliseconds trial{10'000};
  std::chrono::milliseconds silence{600'000};
  // A connection without a frame for so long is closed in any case.
  std::chrono::milliseconds idle{24 * 3'600'000};
  std::chrono::milliseconds write_timeout{30'000};  // the longest time for one write
  // Bytes of answers that a station may leave unread; with more it is closed.
  std::size_t max_unread = 64 * 1'024;
};

struct WiredStatus {
  struct Address {
    ListenerProtocol protocol = ListenerProtocol::gb26875;
    std::string address;
    std::uint16_t port = 0;  // as bound
    std::size_t connections = 0;
  };
  struct Station {
    ListenerProtocol protocol = ListenerProtocol::gb26875;
    std::string station;  // its own address, or its IP address where it gives none
    std::string address;  // the IP address that it came from last
    std::uint16_t port = 0;
    std::uint64_t messages = 0;  // whole and damaged frames that were handed over
    std::uint64_t noise = 0;     // bytes that were no frame
    SteadyTime heard_at{};       // the last of either
  };
  struct Totals {
    std::uint64_t accepted = 0;  // connections
    std::uint64_t refused = 0;   // for want of room
    std::uint64_t messages = 0;  // handed over
    std::uint64_t noise = 0;     // bytes
  };

  std::vector<Address> addresses;
  std::vector<Station> stations;
  std::vector<Trouble> troubles;
  Totals totals;
};

}  // namespace watchpost::ingress

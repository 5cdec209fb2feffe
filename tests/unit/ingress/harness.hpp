// Harness: a Stage with a Listener on a loopback port, for peers that send real bytes.
#pragma once

#include <optional>
#include <vector>

#include "ingress/listener.hpp"
#include "protocol/codec.hpp"
#include "stage.hpp"
#include "support/catch.hpp"

namespace watchpost::ingress::testing {

using protocol::Packet;
using protocol::Version;

struct Harness : Stage {
  explicit Harness(ListenerOptions options = {}, ListenerLimits limits = quick()) {
    options.port = 0;
    listener.emplace(around(), queues, limits);
    std::vector<ListenerOptions> addresses{std::move(options)};
    REQUIRE(listener->start(std::move(addresses), {}).has_value());
  }
  static ListenerLimits quick() {
    ListenerLimits limits;
    limits.tick = std::chrono::milliseconds(10);
    limits.close_wait = std::chrono::milliseconds(200);
    return limits;
  }
  [[nodiscard]] std::uint16_t port() const { return listener->status().addresses.at(0).port; }

  std::optional<Listener> listener;
};

}  // namespace watchpost::ingress::testing

// Harness: a Listener on a loopback port, an intake that settles on command, and peers that send
// real bytes. One thread: until() runs the daemon's io_context and is the only function that waits;
// its waits have a deadline.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <string>
#include <vector>

#include "ingress/listener.hpp"
#include "protocol/codec.hpp"
#include "support/catch.hpp"
#include "support/fake_intake.hpp"
#include "support/recording_log.hpp"

namespace watchpost::ingress::testing {

using protocol::Packet;
using protocol::Version;

struct Harness {
  explicit Harness(ListenerOptions options = {}, ListenerLimits limits = quick()) {
    options.port = 0;
    listener.emplace(Surroundings{context.get_executor(), intake, clock, log}, limits);
    std::vector<ListenerOptions> addresses{std::move(options)};
    REQUIRE(listener->start(std::move(addresses), {}).has_value());
  }
  static ListenerLimits quick() {
    ListenerLimits limits;
    limits.tick = std::chrono::milliseconds(10);
    limits.linger = std::chrono::milliseconds(200);
    return limits;
  }
  [[nodiscard]] std::uint16_t port() const { return listener->status().addresses.at(0).port; }

  // Runs the daemon until `is_so` holds; false when it did not within five seconds.
  bool until(const std::function<bool()>& is_so) {
    const auto over = std::chrono::steady_clock::now() + std::chrono::seconds(5);
    while (!is_so()) {
      if (std::chrono::steady_clock::now() > over) return false;
      context.restart();
      context.run_one_for(std::chrono::milliseconds(5));
      intake.settle_facts();
    }
    return true;
  }
  bool until_messages(std::size_t count) {
    return until([&] { return intake.messages.size() >= count; });
  }
  // Runs everything that is ready, and a few ticks.
  void settle_down() {
    const auto over = std::chrono::steady_clock::now() + std::chrono::milliseconds(50);
    until([&] { return std::chrono::steady_clock::now() > over; });
  }

  boost::asio::io_context context;
  support::FakeIntake intake;
  SystemClock clock;
  support::RecordingLog log;
  std::optional<Listener> listener;
};

}  // namespace watchpost::ingress::testing

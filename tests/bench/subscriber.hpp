// Subscriber: one client that subscribes, acknowledges what comes at QoS 1 and counts it.
// Promise: each PUBLISH is counted at the moment its bytes were read. The loop's thread.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "event_loop.hpp"

namespace watchpost::bench {

struct SubscriberOptions {
  std::uint16_t port = 0;
  std::string client_id;
  std::string filter;
  bool lasting = false;  // its session outlives its connection
};

class Subscriber final : public Watched {
 public:
  // Called with the payload of each message.
  using Taken = std::function<void(std::string_view payload, Steady::time_point when)>;

  Subscriber(EventLoop& loop, SubscriberOptions options, Taken taken = {});

  bool connect();
  // After the connection; without it the client only holds its session.
  void subscribe();
  [[nodiscard]] bool is_connected() const { return is_connected_; }
  [[nodiscard]] bool is_subscribed() const { return is_subscribed_; }
  [[nodiscard]] bool has_failed() const { return has_failed_; }
  [[nodiscard]] std::uint64_t received() const { return received_; }
  void ready(std::uint32_t events) override;

 private:
  void take(std::uint8_t first, std::string_view body);
  void publish(std::uint8_t first, std::string_view body);

  SubscriberOptions options_;
  Taken taken_;
  Wire wire_;
  Steady::time_point now_{};
  std::uint64_t received_ = 0;
  bool is_connected_ = false;
  bool is_subscribed_ = false;
  bool has_failed_ = false;
};

}  // namespace watchpost::bench

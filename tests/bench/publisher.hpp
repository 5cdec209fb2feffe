// Publisher: one sensor that sends a message made beforehand; only the Packet Identifier and a
// number in it change. It keeps its window full all the time, or sends at given moments.
// Promise: a message that is due while the window is full is sent late, but timed from when it was
// due, so a server that stalls does not make its own figures better. The loop's thread.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "event_loop.hpp"
#include "ledger.hpp"

namespace watchpost::bench {

struct PublisherOptions {
  std::uint16_t port = 0;
  std::uint16_t window = 20;
  std::size_t payload_bytes = 200;
  std::uint8_t level = 5;  // level of the protocol: 4 is MQTT 3.1.1
  bool is_alarm = false;
};

class Publisher final : public Watched {
 public:
  Publisher(EventLoop& loop, std::size_t number, const PublisherOptions& options, Ledger& ledger);

  bool connect();
  // Keeps the window full until `end`, or until `messages` were sent.
  void saturate(Steady::time_point end, std::uint64_t messages);
  void send_due(Steady::time_point when);
  [[nodiscard]] bool is_connected() const { return is_connected_; }
  [[nodiscard]] bool has_failed() const { return has_failed_; }
  void ready(std::uint32_t events) override;

 private:
  void make_frame();
  void take(std::uint8_t first, std::string_view body);
  void fill();
  void send(Steady::time_point due);

  std::size_t number_;
  PublisherOptions options_;
  Ledger& ledger_;
  Wire wire_;
  std::string frame_;
  std::size_t identifier_at_ = 0;
  std::size_t digits_at_ = 0;
  std::vector<std::uint16_t> free_;
  std::vector<std::uint32_t> sent_;  // number of the message under each Packet Identifier
  std::deque<Steady::time_point> due_;
  Steady::time_point end_{};
  Steady::time_point now_{};
  std::uint64_t left_ = 0;
  bool is_connected_ = false;
  bool has_failed_ = false;
};

}  // namespace watchpost::bench

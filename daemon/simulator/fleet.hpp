// Fleet: the connections of the village's devices to the daemon.
// Promise: each connection keeps the order of its messages, comes back by itself when the daemon
// was away, and sends again the messages that were not acknowledged; queued() tells how many wait,
// so that the owner can pause.
// I/O thread only; must live until the io_context has stopped.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "client/mqtt_client.hpp"
#include "simulator/day_course.hpp"

namespace watchpost::simulator {

struct Sending {
  std::uint64_t tag = 0;
  Planned planned;
};

class FleetObserver {
 public:
  virtual ~FleetObserver() = default;
  // The message was handed to the connection.
  virtual void sent(const Sending& sending) = 0;
  // A PUBACK or PUBREC arrived.
  virtual void acknowledged(std::uint64_t tag, protocol::ReasonCode code) = 0;
};

struct FleetOptions {
  std::string host;
  std::uint16_t port = 1'883;
  std::string user_name;
  std::string password;
};

class Fleet {
 public:
  Fleet(boost::asio::io_context& io, const FleetOptions& options, FleetObserver& listener);
  ~Fleet();
  Fleet(const Fleet&) = delete;
  Fleet& operator=(const Fleet&) = delete;

  void start(std::span<const Client> clients);
  void publish(Sending sending);
  // Disconnects all members for good.
  void leave();

  [[nodiscard]] std::size_t queued() const { return queued_; }
  [[nodiscard]] std::size_t connected() const { return connected_; }
  [[nodiscard]] std::uint64_t reconnects() const { return reconnects_; }
  // Why the last connection ended; empty when none did.
  [[nodiscard]] const std::string& last_trouble() const { return last_trouble_; }

 private:
  class Member;
  friend class Member;

  boost::asio::io_context& io_;
  FleetOptions options_;
  FleetObserver& listener_;
  std::vector<std::unique_ptr<Member>> members_;
  std::size_t queued_ = 0;
  std::size_t connected_ = 0;
  std::uint64_t reconnects_ = 0;
  std::string last_trouble_;
  bool leaving_ = false;
};

}  // namespace watchpost::simulator

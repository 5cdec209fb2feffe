// Connection: what an MqttClient is made of; shared with the operations under way.
// Promise: as mqtt_client.hpp says; used by its .cpp files only. Completions name the attempt they
// belong to, so that one that comes late does nothing.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <utility>

#include "base/clock.hpp"
#include "client/mqtt_client.hpp"
#include "net/connector.hpp"
#include "protocol/framer.hpp"

namespace watchpost::client {

struct MqttClient::Connection : std::enable_shared_from_this<Connection> {
  // `draining`: DISCONNECT is to be sent after the acknowledgements; `leaving`: it was sent.
  enum class Stage : std::uint8_t { closed, open, draining, leaving };

  Connection(boost::asio::any_io_executor executor, const MqttClientOptions& wanted,
             Observer& owner)
      : options(wanted),
        observer(owner),
        session(wanted, owner),
        io(executor),
        timer(executor),
        connector(executor, {wanted.url, wanted.tls}) {}

  // connection.cpp: the life of the connection.
  void connect(bool clean);
  void joined(const std::shared_ptr<net::Stream>& made, const net::ConnectTrouble& trouble);
  void disconnect(std::chrono::milliseconds wait);
  void send_disconnect();
  void end();
  void give_up(LinkEnd end);
  void check_time();
  [[nodiscard]] SteadyTime due() const;
  [[nodiscard]] LinkEnd overdue() const;
  [[nodiscard]] LinkEnd closed() const;
  [[nodiscard]] LinkEnd broke(LinkEnd::How how, const std::string& why) const;
  [[nodiscard]] LinkEnd end_of(const protocol::CloseReason& reason) const;

  // connection_bytes.cpp: bytes in and out.
  void read();
  void parse();
  void read_on();
  void flush_soon();
  void flush();
  void written();
  void lose(const net::Error& error);

  [[nodiscard]] bool is_open() const { return stage != Stage::closed; }
  [[nodiscard]] bool is_connecting() const { return stage == Stage::open && !session.ready(); }
  template <class Function>
  auto now(Function function) {
    return [self = shared_from_this(), current = attempt,
            function = std::move(function)](const auto&... result) {
      if (self->is_open() && current == self->attempt) function(*self, result...);
    };
  }

  MqttClientOptions options;
  Observer& observer;
  protocol::ClientSession session;
  boost::asio::any_io_executor io;
  boost::asio::steady_timer timer;
  net::Connector connector;
  std::shared_ptr<net::Stream> wire;  // null until there is a connection
  protocol::Framer framer{0};
  std::string waiting;  // to be written; bounded by kWaitingBytesRefuse and one window
  std::string writing;
  SteadyTime deadline;  // of connecting, draining, leaving
  SteadyTime last_sent;
  SteadyTime last_left;  // when bytes last left, into the network's buffers
  SteadyTime last_received;
  SteadyTime pinged;
  Stage stage = Stage::closed;
  std::uint64_t attempt = 0;
  std::uint64_t drops = 0;
  bool clean_start = false;
  bool is_writing = false;
  bool is_reading = false;
  bool ping_waits = false;  // PINGREQ has not left yet
  bool flush_posted = false;
  bool held = false;     // the owner holds the connection
  bool is_left = false;  // the owner has left it: nobody listens
};

}  // namespace watchpost::client

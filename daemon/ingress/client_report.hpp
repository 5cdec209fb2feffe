// ClientReport: what is told of a client of the listener: to the log, and to the books of who is
// shut out, who sends too much and who is denied.
// Promise: a line is written once in a while only, however often it is caused (complaints.hpp). A
// view for one call; what it names outlives it. I/O thread only.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "ingress/connections.hpp"
#include "ingress/denial_book.hpp"
#include "net/stream.hpp"
#include "protocol/session.hpp"

namespace watchpost::ingress {

struct MqttAddress;

struct ClientReport {
  Connections& all;
  const MqttAddress& our_address;
  const protocol::Session& session;
  const std::string& peer;     // for a log
  const std::string& address;  // without the port
  bool is_stranger = true;     // it was not let in yet

  void closed(const protocol::Close& close) const;
  // The stream ended, or never came to speak MQTT.
  void ended_with(const net::Error& error) const;
  void denied(const protocol::Deny& deny) const;
  void denied(const protocol::DenyFilter& deny) const;
  // Writes a line about this client, unless the same line was written lately.
  void complain(LogLevel level, std::string_view what) const;

 private:
  void note_shut_out(const protocol::Close& close) const;
  void complain_of(const protocol::TooLarge& packet) const;
  // Without what was denied.
  [[nodiscard]] Denied denial() const;
  [[nodiscard]] SteadyTime now() const { return all.around().clock.steady(); }
};

}  // namespace watchpost::ingress

// MqttClient: a ClientSession on a TCP or TLS connection. The one MQTT client of ours: upstreams,
// broker readers and the street's tools use it.
// Promise: writes are batched (what was published while a write ran goes out as one). Each
// connect() ends in exactly one closed(), unless drop() came first: then nothing is told any more.
// Nothing is told from inside a call of the owner. Every wait has a deadline: connect_timeout from
// name lookup to CONNACK; after keep_alive without bytes the server is pinged, and given up when
// nothing answers in as long again. Reading stops while more than a bounded amount waits to be
// written, so memory does not depend on the peer. Of several addresses of a name, one that does not
// answer is not tried twice in a row. Does not reconnect by itself. I/O thread only; the Observer
// outlives it.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "client/link_end.hpp"
#include "model/mqtt_link.hpp"
#include "net/url.hpp"
#include "protocol/client_session.hpp"

namespace watchpost::client {

using protocol::Acknowledged;
using protocol::Outgoing;

struct MqttClientOptions : protocol::ClientOptions {
  net::Url url;
  TlsFiles tls;
  std::chrono::milliseconds connect_timeout{10'000};
  // Where the remedies of failures send the operator: "this upstream", "this broker".
  std::string_view section = "connection";
};

class MqttClient {
 public:
  class Observer : public protocol::ClientObserver {
   public:
    virtual void closed(const LinkEnd& end) = 0;
  };

  MqttClient(boost::asio::any_io_executor io, const MqttClientOptions& options, Observer& observer);
  // As drop().
  ~MqttClient();
  MqttClient(const MqttClient&) = delete;
  MqttClient& operator=(const MqttClient&) = delete;

  // The will of later connections, sent at QoS 1; an empty topic: no will.
  void set_will(protocol::ClientSession::WillText will);
  // With `clean` the server forgets what it kept for this client (3.1.1: also afterwards). Does
  // nothing while connected or connecting.
  enum class Start { resume, clean };
  void connect(Start start);
  // Sends DISCONNECT once everything published is acknowledged, at the latest after `wait`; then
  // the connection ends within a second.
  void disconnect(std::chrono::milliseconds wait = {});
  // Ends the connection at once and without a word. connect() may be called again.
  void drop();
  // For the owner as drop(). But what waits to be written is still written, and DISCONNECT after
  // it, within a second, whatever becomes of this object.
  void leave();
  [[nodiscard]] protocol::ClientSession::Taking publish(const Outgoing& outgoing);
  void subscribe(std::span<const std::string> filters, Qos maximum_qos);
  void subscribe(const std::string& filter, Qos maximum_qos) {
    subscribe(std::span(&filter, 1), maximum_qos);
  }
  // With owner_acknowledges, and only for messages that arrived since the last connected().
  void acknowledge(PacketId id);
  // While held nothing arrives: what the server still sends waits in the network's buffers.
  void hold(bool held);
  [[nodiscard]] const protocol::ClientSession& session() const;

 private:
  struct Connection;
  std::shared_ptr<Connection> connection_;
};

}  // namespace watchpost::client

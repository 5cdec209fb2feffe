// MqttClient: an MqttClientSession on a TCP or TLS connection.
// Promise: writes are batched (what was published while a write ran goes out as one); a peer that
// is silent for one and a half Keep Alive, or that does not answer CONNECT in ten seconds, is given
// up; each connect() ends in exactly one closed(). Reading stops while more than a bounded amount
// waits to be written, so memory does not depend on the peer. Does not reconnect by itself.
// Used from the thread that runs the io_context; must live until that has stopped.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "cli/mqtt_client_session.hpp"

namespace boost::asio {
class io_context;
}

namespace watchpost::cli {

class MqttClient {
 public:
  class Listener : public MqttClientListener {
   public:
    virtual void closed(const Failure& why) = 0;
  };

  MqttClient(boost::asio::io_context& io, const MqttClientOptions& options, Listener& listener);
  ~MqttClient();
  MqttClient(const MqttClient&) = delete;
  MqttClient& operator=(const MqttClient&) = delete;

  // With `clean` the server forgets what it kept for this client (3.1.1: also afterwards). Does
  // nothing while connected or connecting.
  enum class Start { resume, clean };
  void connect(Start start);
  // DISCONNECT, then the socket is closed when it was sent, or after a second.
  void disconnect();
  bool publish(const Outgoing& outgoing);
  void subscribe(std::string_view filter, Qos maximum_qos);
  // With owner_acknowledges, and only for what arrived since the last connected().
  void acknowledge(PacketId id);
  // While held nothing is read: what the server still sends waits in the network's buffers. What
  // was read already still arrives.
  void hold(bool held);
  [[nodiscard]] const MqttClientSession& session() const;

 private:
  struct Connection;
  std::unique_ptr<Connection> connection_;
};

}  // namespace watchpost::cli

// Listener: MQTT for clients over TCP, TLS and WebSocket, on any number of addresses.
// Promise: an acknowledgement leaves only after the intake settled the message with success; one
// client's mistake, silence or slowness harms no other. A port that cannot be had is a Failure.
// I/O thread only. Surroundings and `queues` outlive the Listener. After its destruction its
// context may still run and tickets may still settle; neither has an effect.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <vector>

#include "base/result.hpp"
#include "client/mqtt_link.hpp"
#include "ingress/access.hpp"
#include "ingress/attached_client.hpp"
#include "ingress/listener_options.hpp"
#include "ingress/surroundings.hpp"
#include "model/fact.hpp"
#include "model/local_message.hpp"
#include "model/queue_reader.hpp"
#include "pipeline/certificate_news.hpp"

namespace watchpost::ingress {

class Listener {
 public:
  Listener(Surroundings around, QueueReader& queues, ListenerLimits limits);
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  ~Listener();

  // `tell`: how long a certificate of a port still holds. Before `start`.
  void on_certificate(std::function<void(pipeline::CertificateWord)> tell);
  // Called once: takes back the persistent sessions, what they subscribe to and are still to get,
  // and the retained messages; opens every address or none, and accepts.
  [[nodiscard]] Result<void> start(std::vector<ListenerOptions> addresses,
                                   const StoredFacts& facts);
  // Who may do what, from now on, at the address with this port as it was asked for at the start.
  // Who would not be let in any more is sent away; sessions stay.
  struct NewTerms {
    std::string address;
    std::uint16_t port = 0;
    AccessTerms terms;
  };
  void use(std::vector<NewTerms> all);
  // Stops accepting and reading, waits for the outcome of every hand-over, sends the answers, says
  // DISCONNECT 0x8B to v5 clients and closes. At the deadline what is left is cut off.
  void stop(std::chrono::milliseconds deadline, std::function<void()> stopped);
  // The link of an upstream whose server connects to us, as the client of this id (decision 0042).
  // Before `start`; one for each client id.
  [[nodiscard]] std::unique_ptr<client::MqttLink> attach(AttachedClient client);
  // To clients that have subscribed to it, at QoS 0; it is not stored and goes nowhere else. True:
  // there is one, and it is connected.
  bool tell_clients(const SharedLocalMessage& message);
  // Whether such a client is there.
  [[nodiscard]] bool are_listening(const std::string& topic);
  // Ports are those that were bound, so port 0 shows as what it became.
  [[nodiscard]] ListenerStatus status() const;

 private:
  class Core;
  std::shared_ptr<Core> core_;
};

}  // namespace watchpost::ingress

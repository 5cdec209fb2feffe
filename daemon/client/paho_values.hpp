// paho_values: our options and publications as Paho takes them, and what Paho gives back as ours.
// Promise: each call gives a value whatever the server has sent, and throws nothing of Paho's; what
// the server did not say has the standard's default. Used by PahoSession only, on Paho's threads.
#pragma once

#include <mqtt/async_client.h>

#include <optional>
#include <string>

#include "client/mqtt_link.hpp"

namespace watchpost::client {

// Paho's name of the server. `address`: that of the url's host, or empty where the host is one.
[[nodiscard]] std::string paho_uri(const net::Url& url, const std::string& address);
[[nodiscard]] mqtt::create_options create_options(const LinkOptions& options);
// Fills `connect` where it stands: a copy of connect_options goes on pointing at the properties of
// the one that it was made of (paho.mqtt.cpp 1.2.0).
void set_up(mqtt::connect_options& connect, const LinkOptions& options, const Will& will);
[[nodiscard]] mqtt::message message_of(Publication publication, MqttVersion protocol);

[[nodiscard]] LinkTerms terms_of(const mqtt::connect_response& accepted);
// The answer to a subscribe of one topic. MQTT 5.0 section 2.4; 3.1.1 section 3.9.3.
[[nodiscard]] ReasonCode grant_of(const mqtt::token& subscribed, MqttVersion protocol);
// The code by which an MQTT 5 server refused; nothing: Paho or the link failed, or it is 3.1.1.
[[nodiscard]] std::optional<ReasonCode> refusal_of(const mqtt::token& failed);
// The server to use instead (MQTT 5.0 section 4.11); empty: none.
[[nodiscard]] std::string server_reference_in(const mqtt::properties& properties);

// A copy of what arrived, for the I/O thread; nothing in it is Paho's.
struct Kept {
  explicit Kept(const mqtt::message& message);
  // The views live as long as this object.
  [[nodiscard]] Arrival arrival(ArrivalId id) const;

  std::string topic, payload, content_type, content_encoding, response_topic, correlation_data;
  Qos qos;
  bool retain;
};

}  // namespace watchpost::client

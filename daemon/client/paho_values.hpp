// paho_values: our options and publications as Paho takes them, and what Paho gives back as ours.
// Promise: each call gives a value whatever the server has sent; what the server did not say has
// the standard's default. Used by PahoSession only, on Paho's threads.
#pragma once

#include <MQTTAsync.h>

#include <string>
#include <vector>

#include "client/mqtt_link.hpp"

namespace watchpost::client {

// Paho's name of the server. `address`: that of the url's host, or empty where the host is one.
[[nodiscard]] std::string paho_uri(const net::Url& url, const std::string& address);
[[nodiscard]] MQTTAsync_createOptions create_options(const LinkOptions& options);

// All that MQTTAsync_connect reads; Paho copies what it keeps. Points into the arguments that it
// was made of.
class PahoConnect {
 public:
  PahoConnect(const LinkOptions& options, const Will& will);
  ~PahoConnect() { MQTTProperties_free(&properties_); }
  PahoConnect(const PahoConnect&) = delete;
  PahoConnect& operator=(const PahoConnect&) = delete;

  MQTTAsync_connectOptions options;  // without context and callbacks

 private:
  MQTTAsync_willOptions will_ = MQTTAsync_willOptions_initializer;
  MQTTAsync_SSLOptions tls_ = MQTTAsync_SSLOptions_initializer;
  MQTTProperties properties_ = MQTTProperties_initializer;
};

// Content type and encoding as properties; the caller frees them.
[[nodiscard]] MQTTProperties properties_of(const Publication& publication);

[[nodiscard]] LinkTerms terms_of(const MQTTAsync_successData5& connected);
[[nodiscard]] LinkTerms terms_of(const MQTTAsync_successData& connected);

// The answers to a subscribe of `topics` topics.
[[nodiscard]] std::vector<ReasonCode> codes_of(const MQTTAsync_successData5& granted);
[[nodiscard]] std::vector<ReasonCode> codes_of(const MQTTAsync_successData& granted,
                                               std::size_t topics);
// MQTT 5.0 section 2.4; also the only refusal of a 3.1.1 SUBACK (section 3.9.3).
constexpr ReasonCode kRefusedSubscribe{0x80};

// The server to use instead (MQTT 5.0 section 4.11); empty: none. `properties` may be null.
[[nodiscard]] std::string server_reference_in(MQTTProperties* properties);

// What arrived, without the topic and the id. Views into `message`.
[[nodiscard]] Arrival arrival_of(MQTTAsync_message& message);

}  // namespace watchpost::client

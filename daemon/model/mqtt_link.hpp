// MqttVersion, MqttLibrary and TlsFiles: what every MQTT connection that we open is told, upstream
// or broker.
// Promise: plain values, used on any thread. (protocol::Version is the listener's, as on the wire.)
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace watchpost {

enum class MqttVersion : std::uint8_t { v5, v3_1_1 };  // configuration: "5", "3.1.1"
// Which client speaks: our own, or Eclipse Paho. Configuration: "watchpost", "paho".
enum class MqttLibrary : std::uint8_t { own, paho };

// Where nobody sets anything else, upstream or broker.
inline constexpr std::chrono::seconds kDefaultKeepAlive{30};
// How long a broker that we read keeps messages for us.
inline constexpr std::chrono::seconds kDefaultBrokerSessionExpiry{7 * 24 * 3'600};

struct TlsFiles {
  std::string ca_file;      // empty: the system's trust store
  std::string certificate;  // of this client, PEM; empty: none
  std::string private_key;
  bool verify_server = true;
};

}  // namespace watchpost

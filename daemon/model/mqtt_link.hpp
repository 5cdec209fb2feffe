// MqttVersion, MqttLibrary and TlsFiles: what every MQTT connection that we open is told, upstream
// or broker.
// Promise: plain values, used on any thread. (protocol::Version is the listener's, as on the wire.)
#pragma once

#include <cstdint>
#include <string>

namespace watchpost {

enum class MqttVersion : std::uint8_t { v5, v3_1_1 };  // configuration: "5", "3.1.1"
// Which client speaks: our own, or Eclipse Paho. Configuration: "watchpost", "paho".
enum class MqttLibrary : std::uint8_t { own, paho };

struct TlsFiles {
  std::string ca_file;      // empty: the system's trust store
  std::string certificate;  // of this client, PEM; empty: none
  std::string private_key;
  bool verify_server = true;
};

}  // namespace watchpost

// ListenerConfig: one address at which clients or stations connect to us.
// Promise: plain values, checked while they were read and never changed afterwards.
// Built at start-up; read on any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/strong.hpp"
#include "model/listener_protocol.hpp"
#include "net/certificates.hpp"
#include "net/web_socket_request.hpp"
#include "protocol/session_options.hpp"

namespace watchpost::settings {

// The files by which a listener and its clients prove who they are.
struct ListenerTls {
  std::filesystem::path cert_file;  // empty, and no psk_file: without TLS
  std::filesystem::path key_file;
  std::filesystem::path ca_file;  // who signs the clients' certificates; empty: they show none
  std::optional<net::ClientCertificates> client_certificates;  // required when absent; with ca_file
  std::filesystem::path crl_file;  // certificates of clients that hold no longer; with ca_file
  std::filesystem::path psk_file;  // keys shared with clients; makes TLS without a certificate
  friend bool operator==(const ListenerTls&, const ListenerTls&) = default;
};

struct ListenerConfig {
  ListenerProtocol protocol = ListenerProtocol::mqtt;
  std::string address = "127.0.0.1";  // IPv4 or IPv6 literal
  std::uint16_t port = 1883;          // must be given where the protocol is not mqtt
  bool anonymous = true;              // when absent in the file: true only on a loopback address
  std::filesystem::path password_file;
  std::filesystem::path acl_file;    // in Mosquitto's format; empty: readers says who reads what
  std::vector<std::string> readers;  // users who may read everything; "*" is everybody
  std::uint32_t max_connections = 5'000;
  ByteCount max_packet_size{protocol::SessionOptions{}.maximum_packet_size};
  std::uint16_t receive_maximum = protocol::SessionOptions{}.receive_maximum;
  std::uint16_t topic_alias_maximum = protocol::SessionOptions{}.topic_alias_maximum;
  std::chrono::milliseconds keep_alive_max = protocol::SessionOptions{}.keep_alive_maximum;
  std::chrono::milliseconds session_expiry_max = protocol::SessionOptions{}.session_expiry_maximum;
  std::uint32_t max_unacknowledged = static_cast<std::uint32_t>(
      protocol::SessionOptions{}
          .max_unsettled);  // of one connection; at this many its socket is not read
  ListenerTls tls;
  bool use_identity_as_username = false;
  std::string websocket_path = net::WebSocketOptions{}.path;  // with protocol websocket
  // Over TCP or WebSocket.
  [[nodiscard]] bool is_mqtt() const {
    return protocol == ListenerProtocol::mqtt || protocol == ListenerProtocol::websocket;
  }
  [[nodiscard]] bool has_tls() const { return !tls.cert_file.empty() || !tls.psk_file.empty(); }
  friend bool operator==(const ListenerConfig&, const ListenerConfig&) = default;
};

}  // namespace watchpost::settings

// Config: what the operator decided, one plain struct for each section of watchpost.toml.
// Promise: checked as a whole before anybody sees it and never changed afterwards; a value that is
// absent in the file has its default here, so no reader needs to ask again.
// Built at start-up by config_file; read on any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/log.hpp"
#include "base/strong.hpp"
#include "model/event_class.hpp"
#include "model/listener_protocol.hpp"
#include "model/sl651_modes.hpp"
#include "model/topic.hpp"
#include "net/certificates.hpp"
#include "net/web_socket_request.hpp"
#include "protocol/session_options.hpp"
#include "settings/links.hpp"
#include "settings/words.hpp"
#include "spool/spool_defaults.hpp"

namespace watchpost::settings {

struct GatewayConfig {
  std::string id;                      // the host name, reduced to [a-z0-9-], when absent
  std::string area = "000000000000";   // 12-digit statistical division code
  std::chrono::minutes timezone{480};  // east of UTC, for device times that name no zone
  friend bool operator==(const GatewayConfig&, const GatewayConfig&) = default;
};

struct LogConfig {
  LogLevel level = LogLevel::info;
  LogSink sink = LogSink::automatic;
  friend bool operator==(const LogConfig&, const LogConfig&) = default;
};

struct StoreConfig {
  std::filesystem::path directory;
  ByteCount quota = spool::kDefaultQuota;
  ByteCount reserve = spool::kDefaultReserve;  // of the quota, for alarms and patrols only
  ByteCount history = spool::kDefaultHistory;  // delivered records, kept to be read here
  std::chrono::milliseconds linger =
      spool::kDefaultLinger;  // longest wait of status and telemetry for company in a commit
  ByteCount commit_queue =
      spool::kDefaultCommitQueue;  // waiting appends; when full, sockets are not read
  bool new_epoch = false;          // --new-epoch of the command line: no key, for one start only
  friend bool operator==(const StoreConfig&, const StoreConfig&) = default;
};

struct ListenerConfig {
  ListenerProtocol protocol = ListenerProtocol::mqtt;
  std::string address = "127.0.0.1";  // IPv4 or IPv6 literal
  std::uint16_t port = 1883;          // must be given where the protocol is not mqtt
  bool anonymous = true;              // when absent in the file: true only on a loopback address
  std::filesystem::path password_file;
  std::uint32_t max_connections = 5'000;
  ByteCount max_packet_size{protocol::SessionOptions{}.maximum_packet_size};
  std::uint16_t receive_maximum = protocol::SessionOptions{}.receive_maximum;
  std::uint16_t topic_alias_maximum = protocol::SessionOptions{}.topic_alias_maximum;
  std::chrono::milliseconds keep_alive_max = protocol::SessionOptions{}.keep_alive_maximum;
  std::chrono::milliseconds session_expiry_max = protocol::SessionOptions{}.session_expiry_maximum;
  std::uint32_t max_unacknowledged = static_cast<std::uint32_t>(
      protocol::SessionOptions{}
          .max_unsettled);          // of one connection; at this many its socket is not read
  std::filesystem::path cert_file;  // empty: without TLS
  std::filesystem::path key_file;
  std::filesystem::path ca_file;  // who signs the clients' certificates; empty: they show none
  std::optional<net::ClientCertificates> client_certificates;  // required when absent; with ca_file
  bool use_identity_as_username = false;
  std::string websocket_path = net::WebSocketOptions{}.path;  // with protocol websocket
  // Over TCP or WebSocket.
  [[nodiscard]] bool is_mqtt() const {
    return protocol == ListenerProtocol::mqtt || protocol == ListenerProtocol::websocket;
  }
  [[nodiscard]] bool has_tls() const { return !cert_file.empty(); }
  friend bool operator==(const ListenerConfig&, const ListenerConfig&) = default;
};

// An options table of the file, passed on as a JSON object.
struct OptionsJson {
  std::string text = "{}";
  friend bool operator==(const OptionsJson&, const OptionsJson&) = default;
};

struct DecoderConfig {
  std::vector<TopicFilter> topics;
  std::string use;  // a built-in name, or the absolute path of a .toml mapping or a .so plugin
  OptionsJson options;
  [[nodiscard]] bool is_file() const;
  friend bool operator==(const DecoderConfig&, const DecoderConfig&) = default;
};

struct DeviceConfig {
  std::string id;
  std::string profile;  // a model, or the absolute path of a .toml mapping
  std::string name;
  std::optional<Domain> domain;
  OptionsJson options;
  std::optional<Sl651Mode> station_mode;      // of a station of SL 651
  std::optional<Sl651Ending> station_ending;  // the same
  friend bool operator==(const DeviceConfig&, const DeviceConfig&) = default;
};

struct PatrolConfig {
  std::filesystem::path tag_keys;  // see decode/tag_keys.hpp; empty: links of tags are not proven
  friend bool operator==(const PatrolConfig&, const PatrolConfig&) = default;
};

struct ConsoleConfig {
  std::string address = "127.0.0.1";
  std::uint16_t port = 8080;
  friend bool operator==(const ConsoleConfig&, const ConsoleConfig&) = default;
};

struct LocalConfig {
  std::filesystem::path socket;  // for the watchpost command
  friend bool operator==(const LocalConfig&, const LocalConfig&) = default;
};

struct ServiceConfig {
  std::chrono::milliseconds stop_deadline{20'000};
  friend bool operator==(const ServiceConfig&, const ServiceConfig&) = default;
};

// What is worth telling about a file that was read and is no mistake. Remarks do not change what
// the configuration means.
struct Remarks {
  std::vector<Words> list;
  friend bool operator==(const Remarks&, const Remarks&) { return true; }
};

struct Config {
  GatewayConfig gateway;
  LogConfig log;
  StoreConfig store;
  std::vector<ListenerConfig> listeners;
  std::vector<UpstreamConfig> upstreams;
  std::vector<BrokerConfig> brokers;
  std::vector<DecoderConfig> decoders;
  std::vector<DeviceConfig> devices;
  PatrolConfig patrol;
  ConsoleConfig console;
  LocalConfig local;
  ServiceConfig service;
  Remarks remarks;

  // What an operator should know about this configuration, one sentence each.
  [[nodiscard]] std::vector<Words> notes() const;
  friend bool operator==(const Config&, const Config&) = default;
};

// True for 127.0.0.0/8 and ::1, the addresses that only this machine can reach.
[[nodiscard]] bool is_loopback(const std::string& address);

}  // namespace watchpost::settings

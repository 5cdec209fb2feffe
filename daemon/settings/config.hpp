// Config: what the operator decided, one plain struct for each section of watchpost.toml.
// Promise: checked as a whole before anybody sees it, and replaced as a whole by a reload; a value
// that is absent in the file has its default here, so no reader needs to ask again. Made by
// config_file; read and replaced on the I/O thread.
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
#include "model/sl651_modes.hpp"
#include "model/topic.hpp"
#include "settings/links.hpp"
#include "settings/listener_config.hpp"
#include "settings/operator_config.hpp"
#include "settings/output_config.hpp"
#include "settings/rule_config.hpp"
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
  ByteCount reserve = spool::kDefaultReserve;           // of the quota, for alarms and patrols only
  ByteCount history = spool::kDefaultHistory;           // delivered records, kept to be read here
  ByteCount client_queue = spool::kDefaultClientQueue;  // what waits for one client
  ByteCount client_queues = spool::kDefaultClientQueues;  // for all together
  std::chrono::milliseconds linger =
      spool::kDefaultLinger;  // longest wait of status and telemetry for company in a commit
  ByteCount commit_queue =
      spool::kDefaultCommitQueue;  // waiting appends; when full, sockets are not read
  bool new_epoch = false;          // --new-epoch of the command line: no key, for one start only
  friend bool operator==(const StoreConfig&, const StoreConfig&) = default;
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
  // As DeviceCard has them; what stands here is not entered elsewhere.
  std::string group, household, contact;
  std::optional<Domain> domain;
  OptionsJson options;
  std::optional<Sl651Mode> station_mode;      // of a station of SL 651
  std::optional<Sl651Ending> station_ending;  // the same
  WaterConfig water;
  std::chrono::milliseconds expected_interval{0};  // 0: as entered or learnt
  friend bool operator==(const DeviceConfig&, const DeviceConfig&) = default;
};

// Which topics carry no sensor's word (decode/local_traffic.hpp).
struct LocalTrafficConfig {
  bool usual = true;  // the topics of the well-known programs too
  std::vector<TopicFilter> commands;
  std::vector<TopicFilter> lists;
  friend bool operator==(const LocalTrafficConfig&, const LocalTrafficConfig&) = default;
};

struct PatrolConfig {
  std::filesystem::path tag_keys;  // see decode/tag_keys.hpp; empty: links of tags are not proven
  friend bool operator==(const PatrolConfig&, const PatrolConfig&) = default;
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
  std::vector<OutputConfig> outputs;
  std::vector<EscalationConfig> escalations;
  std::vector<DecoderConfig> decoders;
  std::vector<DeviceConfig> devices;
  std::vector<RuleConfig> rules;
  LocalTrafficConfig local_traffic;
  PatrolConfig patrol;
  SupervisionConfig supervision;
  LocalConfig local;
  ServiceConfig service;
  BackupConfig backup;
  MetricsConfig metrics;
  Remarks remarks;
  // False: the service has no configuration yet, neither watchpost.toml nor a file in conf.d.
  bool is_set_up = true;

  // What an operator should know about this configuration, one sentence each.
  [[nodiscard]] std::vector<Words> notes() const;
  friend bool operator==(const Config&, const Config&) = default;
};

// True for 127.0.0.0/8 and ::1, the addresses that only this machine can reach.
[[nodiscard]] bool is_loopback(const std::string& address);

}  // namespace watchpost::settings

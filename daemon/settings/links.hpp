// LinkConfig, UpstreamConfig and BrokerConfig: the connections that we open.
// Promise: plain values, checked while they were read and never changed afterwards.
// Built at start-up; read on any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/backoff.hpp"
#include "base/compression.hpp"
#include "base/strong.hpp"
#include "model/command.hpp"
#include "model/event_class.hpp"
#include "model/message.hpp"
#include "model/mqtt_link.hpp"
#include "model/topic.hpp"
#include "model/topic_template.hpp"
#include "net/url.hpp"
#include "upstream/cloud_event.hpp"
#include "upstream/custody.hpp"
#include "upstream/presence.hpp"
#include "upstream/upstream_defaults.hpp"

namespace watchpost::settings {

using MqttUrl = net::Url;
using upstream::Custody;
using upstream::Presence;
using upstream::RawPolicy;

// What an upstream and a broker have in common: how to reach one MQTT server.
struct LinkConfig {
  using Milliseconds = std::chrono::milliseconds;
  std::string name;              // of a broker, when absent: made of host and port
  MqttUrl url{"", 1883, false};  // no host: the file names no URL, or its URL was refused
  MqttVersion protocol = MqttVersion::v5;
  MqttLibrary client = MqttLibrary::own;
  std::string client_id;  // "watchpost-<gateway id>-<name>" when absent
  std::string username;
  std::string password;                 // at most one of password and password_file is set;
  std::filesystem::path password_file;  // `password_of` reads either of them
  std::filesystem::path ca_file;        // empty: the certificates of the system
  std::filesystem::path cert_file;
  std::filesystem::path key_file;
  bool tls_verify = true;
  Milliseconds keep_alive = kDefaultKeepAlive;
  Milliseconds reconnect_first = Backoff::Options{}.first;
  Milliseconds reconnect_ceiling = Backoff::Options{}.ceiling;
  friend bool operator==(const LinkConfig&, const LinkConfig&) = default;
};

struct UpstreamConfig {
  LinkConfig link;
  bool required = true;  // records stay until every required upstream has them
  PerClass<bool> classes{true, true, true, true};
  RawPolicy raw = RawPolicy::undecoded;
  std::string topic{kContractTopics};  // see model/topic_template.hpp
  Presence presence = Presence::retained;
  bool will = true;
  std::chrono::milliseconds acknowledge_timeout = upstream::kDefaultAcknowledgeTimeout;
  Custody custody = Custody::broker;
  PerClass<bool> receipt_classes{true, true, true, true};  // used where custody is receipt
  std::chrono::milliseconds receipt_timeout = upstream::kDefaultReceiptTimeout;
  PerClass<bool> heard_classes = upstream::kDefaultHeardClasses;
  DutyActionSet commands;      // what it may ask for
  std::uint32_t max_rate = 0;  // events a second; 0: no limit
  std::chrono::milliseconds reconnect_spread = upstream::kDefaultReconnectSpread;
  std::uint32_t batch_events = upstream::kDefaultBatchEvents;  // in one publish; 1: no batches
  ByteCount batch_bytes = upstream::kDefaultBatchBytes;
  ContentCoding compression = ContentCoding::none;
  std::uint32_t window = upstream::kDefaultWindow;           // publishes under way at once
  std::uint32_t alarm_slots = upstream::kDefaultAlarmSlots;  // of the window, for alarms only
  friend bool operator==(const UpstreamConfig&, const UpstreamConfig&) = default;
};

struct BrokerConfig {
  LinkConfig link;
  std::vector<TopicFilter> topics;
  std::chrono::milliseconds session_expiry = kDefaultBrokerSessionExpiry;
  friend bool operator==(const BrokerConfig&, const BrokerConfig&) = default;
};

}  // namespace watchpost::settings

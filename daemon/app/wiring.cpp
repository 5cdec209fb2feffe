#include "app/wiring.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "accounts/access_rules.hpp"
#include "accounts/credentials.hpp"
#include "outputs/hook.hpp"
#include "settings/config_file.hpp"

namespace watchpost::app {
namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;
using std::chrono::seconds;

Backoff::Options backoff_of(const settings::LinkConfig& link) {
  return Backoff::Options{link.reconnect_first, link.reconnect_ceiling};
}

TlsFiles tls_of(const settings::LinkConfig& link) {
  return {link.ca_file.string(), link.cert_file.string(), link.key_file.string(), link.tls_verify};
}

net::ServerFiles tls_of(const settings::ListenerConfig& listener) {
  return {listener.tls.cert_file.string(),
          listener.tls.key_file.string(),
          listener.tls.ca_file.string(),
          listener.tls.client_certificates.value_or(net::ClientCertificates::required),
          listener.tls.crl_file.string(),
          listener.tls.psk_file.string()};
}

AlarmChoice choice_of(const settings::ChoiceConfig& config) {
  AlarmChoice choice{{}, config.alarms, config.places};
  for (const std::string& level : config.levels)
    choice.levels.push_back(alarm_level_from(level).value());
  return choice;
}

// Options of a link with its password, which may come from a file.
Result<client::LinkOptions> link_options(const settings::LinkConfig& config) {
  auto password = settings::password_of(config);
  if (!password) return password.error();
  client::LinkOptions options;
  options.url = config.url;
  options.protocol = config.protocol;
  options.client_id = config.client_id;
  options.username = config.username;
  options.password = std::move(*password);
  options.tls = tls_of(config);
  options.keep_alive = duration_cast<seconds>(config.keep_alive);
  return options;
}

protocol::SessionOptions session_options(const settings::ListenerConfig& config) {
  protocol::SessionOptions options;
  options.maximum_packet_size = static_cast<std::uint32_t>(config.max_packet_size.value);
  options.receive_maximum = config.receive_maximum;
  options.topic_alias_maximum = config.topic_alias_maximum;
  options.keep_alive_maximum = duration_cast<seconds>(config.keep_alive_max);
  options.session_expiry_maximum = duration_cast<seconds>(config.session_expiry_max);
  options.max_unsettled = config.max_unacknowledged;
  // A v5 client may send receive_maximum messages at QoS 2 without releasing them; the server
  // remembers the ids of all of them.
  options.max_received_ids = config.receive_maximum;
  return options;
}

spool::KeptFor kept_for(const std::vector<settings::UpstreamConfig>& upstreams) {
  spool::KeptFor kept;
  PerClass<bool> is_kept{};
  for (const settings::UpstreamConfig& each : upstreams) {
    if (!each.required) continue;
    kept.required.push_back(each.link.name);
    for (std::size_t i = 0; i < kEventClassCount; ++i) is_kept[i] = is_kept[i] || each.classes[i];
  }
  for (const settings::UpstreamConfig& each : upstreams) {
    for (std::size_t i = 0; i < kEventClassCount; ++i) {
      if (each.classes[i] && !is_kept[i]) kept.one_of[i].push_back(each.link.name);
    }
  }
  return kept;
}

std::shared_ptr<const Sl651Answering> sl651_answering(const settings::Config& config) {
  Sl651Answering answering;
  for (const settings::DeviceConfig& device : config.devices) {
    if (!device.station_mode && !device.station_ending) continue;
    const Sl651Station usual;
    std::string address = device.id;
    for (char& c : address) c = c >= 'a' && c <= 'f' ? static_cast<char>(c - 32) : c;
    answering.stations.emplace(std::move(address),
                               Sl651Station{device.station_mode.value_or(usual.mode),
                                            device.station_ending.value_or(usual.ending)});
  }
  return std::make_shared<const Sl651Answering>(std::move(answering));
}

}  // namespace

spool::SpoolOptions spool_options(const settings::Config& config) {
  spool::SpoolOptions options;
  options.writer.directory = config.store.directory;
  options.writer.new_epoch = config.store.new_epoch;
  options.writer.space.quota = config.store.quota;
  options.writer.space.history = config.store.history;
  options.writer.space.reserve = config.store.reserve;
  options.writer.space.client_queue = config.store.client_queue;
  options.writer.space.client_queues = config.store.client_queues;
  options.writer.disk_reserve = std::min(config.store.reserve, spool::kDefaultDiskReserve);
  options.commit_queue = config.store.commit_queue;
  options.linger = config.store.linger;
  options.writer.kept_for = kept_for(config.upstreams);
  return options;
}

Result<std::vector<ingress::ListenerOptions>> listener_options(const settings::Config& config) {
  std::vector<ingress::ListenerOptions> addresses;
  for (const settings::ListenerConfig& listener : config.listeners) {
    if (!listener.is_mqtt()) continue;
    ingress::ListenerOptions options;
    options.address = listener.address;
    options.port = listener.port;
    options.max_connections = listener.max_connections;
    options.session = session_options(listener);
    if (listener.has_tls()) options.tls = tls_of(listener);
    options.certificate_is_user = listener.use_identity_as_username;
    if (listener.protocol == ListenerProtocol::websocket) {
      // Browsers show a person's certificate to every page that asks.
      options.web_socket = net::WebSocketOptions{
          listener.websocket_path, listener.anonymous || listener.use_identity_as_username};
    }
    auto terms = access_terms(listener);
    if (!terms) return terms.error();
    options.anonymous = terms->anonymous == ingress::Anonymous::admitted;
    options.credentials = std::move(terms->credentials);
    options.rules = std::move(terms->rules);
    options.everybody_reads = terms->everybody_reads;
    options.readers = std::move(terms->readers);
    addresses.push_back(std::move(options));
  }
  return addresses;
}

Result<ingress::AccessTerms> access_terms(const settings::ListenerConfig& listener) {
  ingress::AccessTerms terms;
  terms.anonymous = listener.anonymous ? ingress::Anonymous::admitted : ingress::Anonymous::refused;
  if (!listener.password_file.empty()) {
    auto credentials = accounts::Credentials::load(listener.password_file);
    if (!credentials) return credentials.error();
    terms.credentials = std::make_shared<const accounts::Credentials>(std::move(*credentials));
  }
  if (!listener.acl_file.empty()) {
    auto rules = accounts::AccessRules::load(listener.acl_file);
    if (!rules) return rules.error();
    terms.rules = std::make_shared<const accounts::AccessRules>(std::move(*rules));
  }
  terms.readers = {listener.readers.begin(), listener.readers.end()};
  // On loopback there are programs of this box only.
  terms.everybody_reads = terms.readers.contains("*") ||
                          (terms.readers.empty() && settings::is_loopback(listener.address));
  return terms;
}

std::vector<ingress::WiredOptions> wired_options(const settings::Config& config) {
  std::vector<ingress::WiredOptions> addresses;
  const auto sl651 = sl651_answering(config);
  for (const settings::ListenerConfig& listener : config.listeners) {
    if (listener.is_mqtt()) continue;
    addresses.push_back({listener.protocol, listener.address, listener.port,
                         listener.max_connections, config.gateway.timezone, sl651});
  }
  return addresses;
}

Result<void> somebody_may_connect(const ingress::ListenerOptions& listener) {
  const bool is_open =
      listener.anonymous.value_or(true) || !listener.credentials || listener.certificate_is_user;
  if (is_open || listener.credentials->size() > 0) return {};
  const std::string& file = listener.credentials->name();
  return Failure{
      Failure::Kind::invalid_input,
      fmt::format("nobody could connect to {} port {}: the password file {} names no user",
                  listener.address, listener.port, file),
      "Add users with `watchpost passwd`, or set anonymous = true if you trust everybody on that "
      "network",
      nullptr,
      fmt::format(
          "没有人能连接 {} 端口 {}：密码文件 {} 里没有用户。请用 `watchpost passwd` 添加用户；如"
          "果信任该网络上的所有人，可设 anonymous = true",
          listener.address, listener.port, file)};
}

upstream::UplinkOptions uplink_options(const settings::UpstreamConfig& config) {
  upstream::UplinkOptions options;
  options.name = config.link.name;
  options.required = config.required;
  options.forwarding.wanted = config.classes;
  options.forwarding.window = config.window;
  options.forwarding.alarm_slots = config.alarm_slots;
  options.forwarding.heard = config.heard_classes;
  options.state = {config.presence, config.will};
  options.commands = config.commands;
  if (config.custody == settings::Custody::receipt) {
    for (const EventClass event_class : kEventClasses) {
      const std::size_t i = index_of(event_class);
      if (config.receipt_classes[i]) options.forwarding.custody[i] = settings::Custody::receipt;
    }
  }
  options.max_rate = config.max_rate;
  options.forwarding.batch_events = config.batch_events;
  options.batch_bytes = config.batch_bytes.value;
  options.compression = config.compression;
  options.acknowledge_timeout = config.acknowledge_timeout;
  options.receipt_timeout = config.receipt_timeout;
  options.reconnect = backoff_of(config.link);
  options.reconnect_spread = config.reconnect_spread;
  options.client_id = config.link.client_id;
  // Its client shows at once whether it is there, and one alone is no rush.
  if (config.link.url.comes_to_us) {
    options.reconnect = {milliseconds{500}, seconds{1}};
    options.reconnect_spread = milliseconds{0};
  }
  return options;
}

Result<client::LinkOptions> upstream_link_options(const settings::UpstreamConfig& config) {
  auto options = link_options(config.link);
  if (!options) return options.error();
  // Beside the window there is room for the link's own `online` event, for one event that was set
  // aside, for one that the receiver has lost, for the answer to a command, and for the events that
  // no receiver heard.
  options->max_outstanding = config.window + 4 + upstream::UnheardRounds::kTogether;
  // Receipts are acknowledged at once, commands once what they did is on disk.
  options->owner_acknowledges = true;
  return options;
}

Result<ingress::BrokerReaderOptions> broker_reader_options(const settings::BrokerConfig& config) {
  auto link = link_options(config.link);
  if (!link) return link.error();
  ingress::BrokerReaderOptions options;
  options.name = config.link.name;
  options.link = std::move(*link);
  options.link.session_expiry = duration_cast<seconds>(config.session_expiry);
  options.client = config.link.client;
  for (const TopicFilter& topic : config.topics) options.topics.push_back(topic.text());
  options.reconnect = backoff_of(config.link);
  return options;
}

std::vector<outputs::OutputOptions> output_options(const settings::Config& config) {
  std::vector<outputs::OutputOptions> all;
  for (std::size_t i = 0; i < config.outputs.size(); ++i) {
    const settings::OutputConfig& one = config.outputs[i];
    if (one.kind != settings::OutputKind::mqtt) continue;
    all.push_back({one.name, one.broker, one.topic, one.on, one.off, one.state_topic, one.state_on,
                   one.state_off, one.lasts, i});
  }
  return all;
}

Result<outputs::WebhookOptions> webhook_options(const settings::OutputConfig& config) {
  outputs::WebhookOptions options;
  auto text = config.url_file.empty() ? Result<std::string>(config.url)
                                      : settings::first_line_of(config.url_file);
  if (!text) return text.error();
  auto url = net::HttpUrl::parse(*text);
  if (!url) return url.error();
  options.url = std::move(*url);
  if (!config.authorization_file.empty()) {
    auto line = settings::first_line_of(config.authorization_file);
    if (!line) return line.error();
    options.authorization = std::move(*line);
  }
  if (!config.secret_file.empty()) {
    auto line = settings::first_line_of(config.secret_file);
    if (!line) return line.error();
    options.secret = std::move(*line);
  }
  options.tls.ca_file = config.ca_file.string();
  options.form = static_cast<outputs::BodyForm>(config.format);
  options.timeout = config.timeout;
  return options;
}

std::vector<outputs::Messengers::Options> messenger_options(
    const settings::Config& config, const outputs::Messengers::Surroundings& around) {
  std::vector<outputs::Messengers::Options> all;
  for (std::size_t i = 0; i < config.outputs.size(); ++i) {
    const settings::OutputConfig& one = config.outputs[i];
    if (one.kind == settings::OutputKind::mqtt) continue;
    outputs::Messengers::Options options;
    options.name = one.name;
    options.place = i;
    options.is_command = one.kind == settings::OutputKind::command;
    options.terms.per_minute = one.per_minute;
    options.letter = {config.gateway.id, one.language, config.gateway.timezone};
    if (options.is_command) {
      options.channel = std::make_unique<outputs::Hook>(
          around.io, outputs::HookOptions{one.command, one.timeout});
    } else {
      options.channel =
          std::make_unique<outputs::Webhook>(around.io, around.clock, webhook_options(one).value());
    }
    all.push_back(std::move(options));
  }
  return all;
}

std::vector<std::string> output_names(const settings::Config& config) {
  std::vector<std::string> all;
  for (const settings::OutputConfig& one : config.outputs) all.push_back(one.name);
  return all;
}

std::vector<outputs::CallTerms> call_terms(const settings::Config& config) {
  std::vector<outputs::CallTerms> all;
  for (const settings::OutputConfig& one : config.outputs)
    all.push_back({one.name, static_cast<std::uint8_t>(one.step), choice_of(one.which),
                   one.kind == settings::OutputKind::mqtt});
  return all;
}

EscalationRules escalation_rules(const settings::Config& config) {
  EscalationRules all;
  for (const settings::EscalationConfig& one : config.escalations) {
    EscalationRule& rule = all.emplace_back();
    rule.which = choice_of(one.which);
    rule.after = {duration_cast<seconds>(one.step_1_after),
                  duration_cast<seconds>(one.step_2_after),
                  duration_cast<seconds>(one.step_3_after)};
    rule.told = {one.at_once, one.step_1, one.step_2, one.step_3};
  }
  return all;
}

rules::JudgementOptions judgement_options(const settings::Config& config, const Epoch& epoch) {
  rules::JudgementOptions options;
  options.escalations = escalation_rules(config);
  options.outputs = output_names(config);
  options.epoch = number_of(epoch);
  return options;
}

Result<outputs::Outputs::Broker> output_broker(const settings::BrokerConfig& config) {
  auto link = link_options(config.link);
  if (!link) return link.error();
  link->client_id += "-out";
  link->section = "broker";
  return outputs::Outputs::Broker{config.link.name, std::move(*link), config.link.client};
}

net::TcpPlace metrics_place(const settings::Config& config) {
  return {config.metrics.address, config.metrics.port, "[metrics] in watchpost.toml"};
}

}  // namespace watchpost::app

#include "app/status_report.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "app/status_duty.hpp"
#include "app/status_outputs.hpp"
#include "app/status_words.hpp"
#include "base/text.hpp"
#include "console/trouble_json.hpp"
#include "model/trouble_catalogue.hpp"

namespace watchpost::app {
namespace {

namespace json = boost::json;
using std::chrono::duration_cast;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::size_t kMostDevicesShown = 50;

// The trouble as one English sentence, for programs that read no codes; the list of troubles has
// both languages.
std::string english_of(const std::optional<Trouble>& trouble) {
  return trouble ? sentence_of(*trouble, Language::english) : std::string();
}

std::int64_t seconds_between(SteadyTime earlier, SteadyTime later) {
  return duration_cast<seconds>(later - earlier).count();
}

json::object to_json(const PerClass<std::uint64_t>& counts) {
  json::object object;
  for (const auto event_class : kEventClasses) {
    object[to_string(event_class)] = counts[index_of(event_class)];
  }
  return object;
}

json::object to_json(const PerClass<Seq>& positions) {
  json::object object;
  for (const auto event_class : kEventClasses) {
    object[to_string(event_class)] = positions[index_of(event_class)].value;
  }
  return object;
}

json::array listeners_json(const Snapshot& snapshot) {
  json::array list;
  for (const auto& address : snapshot.listeners.addresses) {
    const auto protocol = address.web_socket ? ListenerProtocol::websocket : ListenerProtocol::mqtt;
    list.push_back({{"protocol", to_string(protocol)},
                    {"tls", address.tls},
                    {"address", address.address},
                    {"port", address.port},
                    {"connections", address.connections}});
  }
  for (const auto& address : snapshot.wired.addresses) {
    list.push_back({{"protocol", to_string(address.protocol)},
                    {"address", address.address},
                    {"port", address.port},
                    {"connections", address.connections}});
  }
  return list;
}

json::array stations_json(const Snapshot& snapshot) {
  json::array list;
  for (const auto& station : snapshot.wired.stations) {
    list.push_back({{"station", station.station},
                    {"protocol", to_string(station.protocol)},
                    {"address", station.address},
                    {"port", station.port},
                    {"messages", station.messages},
                    {"noise_bytes", station.noise},
                    {"age_s", seconds_between(station.heard_at, snapshot.now)}});
  }
  return list;
}

json::array clients_json(const ingress::ListenerStatus& listeners) {
  json::array list;
  for (const auto& client : listeners.clients) {
    list.push_back({{"client_id", client.client_id},
                    {"peer", client.peer},
                    {"version", client.version},
                    {"messages", client.messages},
                    {"unsettled", client.unsettled}});
  }
  return list;
}

json::object to_json(const PerClass<ByteCount>& sizes) {
  json::object object;
  for (const auto event_class : kEventClasses) {
    object[to_string(event_class)] = sizes[index_of(event_class)].value;
  }
  return object;
}

json::object salvage_json(const spool::Salvage& salvage) {
  if (salvage.reason.empty()) return {};
  return {{"reason", salvage.reason},
          {"saved", salvage.saved},
          {"lost", salvage.lost},
          {"aside", salvage.aside.string()}};
}

json::object store_json(const Snapshot& snapshot) {
  const spool::SpoolStatus& spool = snapshot.spool;
  json::object store;
  store["directory"] = snapshot.config.store.directory.string();
  store["epoch"] = spool.epoch;
  store["size"] = spool.store_size.value;
  store["quota"] = snapshot.config.store.quota.value;
  if (snapshot.disk_free) store["disk_free"] = snapshot.disk_free->value;
  store["reserve"] = snapshot.config.store.reserve.value;
  store["bytes"] = to_json(spool.bytes);
  store["dropped"] = to_json(spool.dropped);
  store["refused"] = to_json(spool.refused);
  store["no_room"] = english_of(spool.no_room);
  if (spool.days_left) store["days_left"] = *spool.days_left;
  store["salvage"] = salvage_json(spool.salvage);
  store["waiting"] = spool.waiting.value;
  store["commits"] = spool.commits;
  store["records"] = spool.committed_records;
  store["failed_commits"] = spool.failed_commits;
  store["last_failure"] = english_of(spool.last_failure);
  store["last_commit_us"] = spool.last_commit_took.count();
  if (spool.commits > 0) {
    store["last_commit_age_ms"] =
        duration_cast<milliseconds>(snapshot.now - spool.last_commit_at).count();
  }
  store["first"] = to_json(spool.first);
  store["newest"] = to_json(spool.heads.newest);
  store["oldest"] = to_json(spool.oldest);
  store["relayed"] = to_json(spool.relayed);
  return store;
}

json::object subscribers_json(const Snapshot& snapshot) {
  const spool::SpoolStatus& spool = snapshot.spool;
  const auto yielded = spool.yielded ? spool.yielded->messages : PerQueueClass<std::uint64_t>{};
  json::object gone;
  for (const auto event_class : kEventClasses) {
    gone[to_string(event_class)] = yielded[index_of(queue_class_of(event_class))];
  }
  gone["local"] = yielded[index_of(QueueClass::local)];
  return {{"subscriptions", snapshot.listeners.subscriptions},
          {"retained", snapshot.listeners.retained},
          {"left_out", snapshot.listeners.left_out},
          {"queued", spool.queued},
          {"queued_bytes", spool.queued_bytes.value},
          {"yielded", std::move(gone)}};
}

// The classes whose events count as delivered only when the receiver says so.
json::array receipt_classes(const upstream::UplinkStatus& uplink) {
  json::array names;
  for (const EventClass event_class : kEventClasses) {
    if (uplink.custody[index_of(event_class)] == upstream::Custody::receipt) {
      names.push_back(json::string(to_string(event_class)));
    }
  }
  return names;
}

json::array sent_classes(const settings::UpstreamConfig& upstream) {
  json::array names;
  for (const EventClass event_class : kEventClasses) {
    if (upstream.classes[index_of(event_class)]) names.emplace_back(to_string(event_class));
  }
  return names;
}

json::array upstreams_json(const Snapshot& snapshot) {
  json::array list;
  for (std::size_t i = 0; i < snapshot.upstreams.size(); ++i) {
    const upstream::UplinkStatus& uplink = snapshot.upstreams[i];
    json::object object;
    object["name"] = uplink.name;
    object["url"] = snapshot.config.upstreams[i].link.url.text();
    object["classes"] = sent_classes(snapshot.config.upstreams[i]);
    object["required"] = uplink.required;
    object["state"] = to_string(uplink.state);
    object["since_s"] = seconds_between(uplink.since, snapshot.now);
    object["failure"] = english_of(uplink.failure);
    object["backlog"] = to_json(uplink.backlog);
    object["cursors"] = to_json(uplink.cursors);
    object["in_flight"] = uplink.in_flight;
    object["published"] = uplink.counts.published;
    object["acknowledged"] = uplink.counts.acknowledged;
    object["refused"] = uplink.counts.refused;
    object["receipts"] = {{"classes", receipt_classes(uplink)},
                          {"received", uplink.counts.receipts},
                          {"unusable", uplink.counts.bad_receipts}};
    object["commands"] = {{"received", uplink.counts.commands},
                          {"refused", uplink.counts.commands_refused}};
    const auto aside = snapshot.spool.set_aside.find(uplink.name);
    if (aside != snapshot.spool.set_aside.end())
      object["set_aside"] = to_json(aside->second.records);
    if (uplink.oldest_unacknowledged)
      object["oldest_unacknowledged_ms"] =
          duration_cast<milliseconds>(*uplink.oldest_unacknowledged).count();
    list.push_back(std::move(object));
  }
  return list;
}

json::array brokers_json(const Snapshot& snapshot) {
  json::array list;
  for (std::size_t i = 0; i < snapshot.brokers.size(); ++i) {
    const ingress::BrokerStatus& broker = snapshot.brokers[i];
    list.push_back({{"name", broker.name},
                    {"url", snapshot.config.brokers[i].link.url.text()},
                    {"state", to_string(broker.state)},
                    {"since_s", seconds_between(broker.since, snapshot.now)},
                    {"failure", english_of(broker.failure)},
                    {"messages", broker.received},
                    {"kept", broker.kept},
                    {"refused", broker.refused}});
  }
  return list;
}

json::array dangers_json(const std::vector<pipeline::DangerProof>* proofs) {
  json::array list;
  if (proofs == nullptr) return list;
  for (const pipeline::DangerProof& proof : *proofs) {
    json::object danger{{"kind", to_string(proof.kind)}, {"proven_by", to_string(proof.by)}};
    const bool has_time = proof.by != pipeline::ProvenBy::nothing && proof.unix_s > 0;
    if (has_time) danger["proven_at"] = to_rfc3339(WallTime{std::chrono::seconds{proof.unix_s}});
    list.push_back(std::move(danger));
  }
  return list;
}

// Also devices that are listed by a bridge and have not spoken.
json::array not_proven_json(const Snapshot& snapshot, Devices which) {
  json::array devices;
  if (snapshot.proofs == nullptr) return devices;
  for (const auto& [device, proofs] : snapshot.proofs->all()) {
    json::array kinds;
    for (const pipeline::DangerProof& proof : proofs) {
      if (proof.by == pipeline::ProvenBy::nothing)
        kinds.push_back(json::string(to_string(proof.kind)));
    }
    if (kinds.empty()) continue;
    if (which == Devices::recent && devices.size() == kMostDevicesShown) break;
    const pipeline::DeviceEntry* entry = snapshot.devices.find(device);
    devices.push_back({{"device", device},
                       {"name", entry == nullptr ? std::string() : entry->name},
                       {"heard", entry != nullptr},
                       {"kinds", std::move(kinds)}});
  }
  return devices;
}

// Why the last message that was not read could not be read. Decoders speak English only: for
// Chinese a sentence says what that means, and holds their words.
json::object unread_text(const pipeline::DeviceEntry& entry) {
  if (entry.unread == 0) return {};
  if (!entry.unread_why.empty()) {
    return {{"en", entry.unread_why},
            {"zh", fmt::format("内容无法解读（解码器原文：{}）", entry.unread_why)}};
  }
  const Trouble no_decoder = trouble<TroubleCode::not_read_topic>(arg<"topic">(entry.unread_topic));
  return {{"en", what_of(no_decoder, Language::english)},
          {"zh", what_of(no_decoder, Language::chinese)}};
}

json::object devices_json(const Snapshot& snapshot, Devices which) {
  json::array recent;
  for (const pipeline::DeviceEntry& entry : snapshot.devices.entries()) {
    if (which == Devices::recent && recent.size() == kMostDevicesShown) break;
    json::object object;
    object["device"] = entry.device;
    object["name"] = entry.name;
    object["domain"] = to_string(entry.domain);
    object["decoder"] = entry.decoder;
    object["messages"] = entry.messages;
    object["unread"] = entry.unread;
    json::object why = unread_text(entry);
    object["last_trouble"] = why.empty() ? json::value("") : why.at("en");
    object["last_trouble_text"] = std::move(why);
    object["age_s"] = seconds_between(entry.heard_at, snapshot.now);
    if (snapshot.proofs != nullptr)
      object["dangers"] = dangers_json(snapshot.proofs->of(entry.device));
    recent.push_back(std::move(object));
  }
  json::object devices;
  devices["count"] = snapshot.devices.entries().size();
  devices["recent"] = std::move(recent);
  std::size_t out = 0;
  if (snapshot.duty != nullptr)
    snapshot.duty->judgement().for_each_device([&out](const Device& device) {
      out += device.service == DeviceService::out_of_service ? 1 : 0;
    });
  devices["out_of_service"] = out;
  return devices;
}

// Nothing before the first reload.
json::object configuration_json(const ReloadState* reload) {
  if (reload == nullptr) return {};
  json::object object{{"reloads", reload->times}};
  if (reload->at) object["read_at"] = to_rfc3339(*reload->at);
  object["changed"] = json::array(reload->used.begin(), reload->used.end());
  object["needs_restart"] = json::array(reload->waiting.begin(), reload->waiting.end());
  object["in_use"] = !reload->not_used;
  return object;
}

}  // namespace

std::string status_json(const Snapshot& snapshot, Devices devices) {
  json::object status;
  status["gateway"] = {{"id", snapshot.config.gateway.id},
                       {"area", snapshot.config.gateway.area},
                       {"version", WATCHPOST_VERSION}};
  status["uptime_s"] = seconds_between(snapshot.started_at, snapshot.now);
  status["time"] = to_rfc3339(snapshot.wall);
  status["clock"] = to_string(snapshot.clock);
  status["configuration"] = configuration_json(snapshot.reload);
  json::array& troubles = status["troubles"].emplace_array();
  for (const Trouble& trouble : troubles_of(snapshot)) {
    troubles.push_back(console::trouble_json(trouble));
  }
  status["alarms"] = alarms_json(snapshot);
  status["duty"] = duty_json(snapshot);
  const pipeline::PipelineTotals& totals = snapshot.totals;
  status["totals"] = {{"messages", totals.messages},   {"undecoded", totals.undecoded},
                      {"malformed", totals.malformed}, {"ignored", totals.ignored},
                      {"local", totals.local},         {"own", totals.own},
                      {"not_kept", totals.not_kept},   {"records", to_json(totals.records)}};
  status["listeners"] = listeners_json(snapshot);
  status["stations"] = stations_json(snapshot);
  status["station_connections"] = {{"accepted", snapshot.wired.totals.accepted},
                                   {"refused", snapshot.wired.totals.refused},
                                   {"messages", snapshot.wired.totals.messages},
                                   {"noise_bytes", snapshot.wired.totals.noise}};
  status["clients"] = clients_json(snapshot.listeners);
  status["connections"] = {{"open", snapshot.listeners.clients_connected},
                           {"accepted", snapshot.listeners.totals.accepted},
                           {"refused", snapshot.listeners.totals.refused},
                           {"malformed", snapshot.listeners.totals.malformed},
                           {"messages", snapshot.listeners.totals.messages},
                           {"sessions", snapshot.listeners.sessions}};
  status["subscribers"] = subscribers_json(snapshot);
  status["brokers"] = brokers_json(snapshot);
  status["outputs"] = outputs_json(snapshot);
  status["store"] = store_json(snapshot);
  status["upstreams"] = upstreams_json(snapshot);
  status["devices"] = devices_json(snapshot, devices);
  status["not_proven"] = not_proven_json(snapshot, devices);
  return json::serialize(status);
}

// Without advice: it waits until somebody looks.
std::vector<Trouble> pressing_troubles(const Snapshot& snapshot) {
  std::vector<Trouble> troubles = troubles_of(snapshot);
  std::erase_if(troubles, [](const Trouble& each) {
    return entry_of(each.code).severity == TroubleSeverity::advice;
  });
  return troubles;
}

std::string state_line(const Snapshot& snapshot) {
  std::string line;
  for (const upstream::UplinkStatus& uplink : snapshot.upstreams) {
    line += fmt::format("{} {}; ", uplink.name, to_string(uplink.state));
  }
  const auto troubles = pressing_troubles(snapshot);
  line += fmt::format("{}: ", troubles.size());
  if (!troubles.empty()) line += shape_of(troubles.front().code).name;
  return line;
}

std::string status_line(const Snapshot& snapshot) {
  const auto troubles = pressing_troubles(snapshot);
  std::string line = fmt::format("{} from {}", counted(snapshot.totals.messages, "message"),
                                 counted(snapshot.devices.entries().size(), "device"));
  for (const upstream::UplinkStatus& uplink : snapshot.upstreams) {
    line += fmt::format("; {} {}, backlog {}", uplink.name, to_string(uplink.state),
                        backlog_of(uplink));
  }
  if (const auto open = count_open(snapshot); open > 0)
    line += fmt::format("; {}", counted(open, "open alarm"));
  if (!troubles.empty()) {
    line += fmt::format("; {}, run `watchpost status`: {}", counted(troubles.size(), "trouble"),
                        what_of(troubles.front(), Language::english));
  }
  return line;
}

}  // namespace watchpost::app

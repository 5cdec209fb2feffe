#include "settings/keys.hpp"

#include <fmt/format.h>

#include "settings/slots.hpp"

namespace watchpost::settings {
namespace {

constexpr Limits kPort{1, 65'535};

template <class SectionConfig, auto... Members>
constexpr auto at = &slot_of<SectionConfig, Members...>;

using G = GatewayConfig;
constexpr std::array kGateway{
    Key{"id",
        at<G, &G::id>,
        "Names this gateway in topics and events; the host name when absent.",
        {},
        Form::label},
    Key{"area",
        at<G, &G::area>,
        "Statistical division code of the village or committee.",
        {},
        Form::area},
    Key{"timezone", at<G, &G::timezone>, "Zone of device times that name no zone."},
};

constexpr std::array kLog{
    Key{"level", at<LogConfig, &LogConfig::level>, "The least important line that is written."},
    Key{"sink", at<LogConfig, &LogConfig::sink>,
        "Where lines go; automatic is the journal under systemd, else stderr."},
};

using S = StoreConfig;
constexpr std::array kStore{
    Key{"directory", at<S, &S::directory>,
        "Where records are kept; the state directory of the service, or ./watchpost-data, when "
        "absent."},
    Key{"quota",
        at<S, &S::quota>,
        "Most disk the store may use.",
        {spool::kLeastQuota.value, 64 * kTiB}},
    Key{"reserve",
        at<S, &S::reserve>,
        "The part of the quota that only alarms and patrols may fill; at most a quarter of it.",
        {0, 16 * kTiB}},
    Key{"history",
        at<S, &S::history>,
        "How much is still kept here after every required upstream has it.",
        {0, 64 * kTiB}},
    Key{"client_queue",
        at<S, &S::client_queue>,
        "What may wait on disk for one client that subscribes and does not read; past it the "
        "oldest messages go, telemetry first, alarms last.",
        {kMiB, 64 * kTiB}},
    Key{"client_queues",
        at<S, &S::client_queues>,
        "The same for all clients together; at most a quarter of the quota.",
        {kMiB, 64 * kTiB}},
    Key{"linger",
        at<S, &S::linger>,
        "How long status and telemetry wait, while traffic is light, so that several are written "
        "and acknowledged together; alarms and patrols never wait.",
        {0, 10'000}},
    Key{"commit_queue",
        at<S, &S::commit_queue>,
        "Memory for messages that wait for the disk; past it, sockets are not read.",
        {64 * kKiB, 256 * kMiB}},
};

using N = ListenerConfig;
constexpr Key mqtt_only(Key key) {
  key.mqtt_only = true;
  return key;
}
constexpr std::array kListener{
    Key{"protocol", at<N, &N::protocol>,
        "What is spoken here: mqtt, websocket (MQTT over WebSocket), gb26875 (GB/T 26875.3, "
        "transmission devices of fire panels), sl651 (SL 651, hydrology stations) or gst9000 (the "
        "printer port of a fire panel)."},
    Key{"address",
        at<N, &N::address>,
        "Where sensors connect; 0.0.0.0 or :: for every network.",
        {},
        Form::address},
    Key{"port", at<N, &N::port>, "TCP port.", kPort},
    mqtt_only(Key{"anonymous", at<N, &N::anonymous>,
                  "Accept clients without a password; when absent, only on a loopback address."}),
    mqtt_only(Key{"password_file",
                  at<N, &N::password_file>,
                  "File of the clients' names and passwords.",
                  {},
                  Form::file}),
    mqtt_only(Key{"acl_file",
                  at<N, &N::acl_file>,
                  "File that says who may publish and read what, in Mosquitto's format.",
                  {},
                  Form::file}),
    mqtt_only(Key{"readers", at<N, &N::readers>,
                  "Users who may read everything, where there is no acl_file; \"*\" for everybody. "
                  "When absent: everybody on a loopback address, elsewhere each reads commands and "
                  "its own topics. Publishing needs no right."}),
    mqtt_only(Key{"cert_file",
                  at<N, &N::tls, &ListenerTls::cert_file>,
                  "PEM file of the certificate that clients are shown, with its chain; with it "
                  "this listener speaks TLS.",
                  {},
                  Form::file}),
    mqtt_only(Key{"key_file",
                  at<N, &N::tls, &ListenerTls::key_file>,
                  "PEM file of the certificate's private key.",
                  {},
                  Form::file}),
    mqtt_only(Key{"ca_file",
                  at<N, &N::tls, &ListenerTls::ca_file>,
                  "PEM file of the authorities that sign the clients' certificates; without it "
                  "clients are asked for none.",
                  {},
                  Form::file}),
    mqtt_only(Key{"client_certificates", at<N, &N::tls, &ListenerTls::client_certificates>,
                  "Whether a client must show a certificate, where ca_file is set."}),
    mqtt_only(Key{"crl_file",
                  at<N, &N::tls, &ListenerTls::crl_file>,
                  "PEM file of the lists of clients' certificates that are revoked (CRL), one of "
                  "each authority in ca_file.",
                  {},
                  Form::file}),
    mqtt_only(Key{"psk_file",
                  at<N, &N::tls, &ListenerTls::psk_file>,
                  "File of keys that clients share with this listener, a line IDENTITY:HEXKEY for "
                  "each; with it this listener speaks TLS, also without a certificate.",
                  {},
                  Form::file}),
    mqtt_only(
        Key{"use_identity_as_username", at<N, &N::use_identity_as_username>,
            "The common name of a client's certificate, or the identity of its shared key, is "
            "its user name, and it needs no password."}),
    mqtt_only(Key{"websocket_path",
                  at<N, &N::websocket_path>,
                  "Path at which a WebSocket is asked for, where protocol is websocket.",
                  {},
                  Form::url_path}),
    Key{"max_connections", at<N, &N::max_connections>, "Clients connected at once.", {1, 50'000}},
    mqtt_only(Key{"max_packet_size",
                  at<N, &N::max_packet_size>,
                  "Largest MQTT packet that is accepted.",
                  {kKiB, 16 * kMiB}}),
    mqtt_only(Key{"receive_maximum",
                  at<N, &N::receive_maximum>,
                  "QoS 1 and 2 messages an MQTT 5 client may have unacknowledged.",
                  {1, 65'535}}),
    mqtt_only(Key{"topic_alias_maximum",
                  at<N, &N::topic_alias_maximum>,
                  "Topic aliases an MQTT 5 client may use; 0 for none.",
                  {0, 1'000}}),
    mqtt_only(Key{"keep_alive_max",
                  at<N, &N::keep_alive_max>,
                  "Longest Keep Alive an MQTT 5 client may use.",
                  {10 * kSecond, 65'535 * kSecond}}),
    mqtt_only(Key{"session_expiry_max",
                  at<N, &N::session_expiry_max>,
                  "How long the session of an absent client is kept at most.",
                  {0, 3'650 * kDay}}),
    mqtt_only(Key{"max_unacknowledged",
                  at<N, &N::max_unacknowledged>,
                  "Messages of one client that wait for the disk; past it, its socket is not read.",
                  {1, 65'535}}),
};

using D = DecoderConfig;
constexpr std::array kDecoder{
    Key{"topics",
        at<D, &D::topics>,
        "Topic Filters of the messages that the decoder reads.",
        {},
        Form::any,
        true},
    Key{"use",
        at<D, &D::use>,
        "A built-in decoder, a mapping, or a plugin.",
        {},
        Form::decoder,
        true},
    Key{"options", at<D, &D::options>, "Options for the decoder."},
};

using T = LocalTrafficConfig;
constexpr std::array kLocalTraffic{
    Key{"usual", at<T, &T::usual>,
        "Whether the topics of well-known programs (docs/mqtt.md) are local too."},
    Key{"commands",
        at<T, &T::commands>,
        "Further Topic Filters of what devices are told to do: never read as a report, never sent "
        "upstream.",
        {},
        Form::or_none},
    Key{"lists",
        at<T, &T::lists>,
        "Further Topic Filters of what programs tell of devices: only alarms, patrols and status "
        "in it go upstream.",
        {},
        Form::or_none},
};

constexpr std::array kPatrol{
    Key{"tag_keys",
        at<PatrolConfig, &PatrolConfig::tag_keys>,
        "File of the keys by which taps of NTAG 424 DNA tags are proven.",
        {},
        Form::file},
};

constexpr std::array kSupervision{
    Key{"silent_after",
        at<SupervisionConfig, &SupervisionConfig::silent_after>,
        "A device is silent once it was not heard for so many of its expected intervals.",
        {1, 100}},
    Key{"learn", at<SupervisionConfig, &SupervisionConfig::learn>,
        "Whether the interval of a device for which none is set is learnt from a week of its "
        "messages."},
};

constexpr std::array kLocal{
    Key{"socket", at<LocalConfig, &LocalConfig::socket>,
        "Unix socket of the watchpost command; watchpost.sock in the runtime or store directory "
        "when absent."},
};

constexpr std::array kService{
    Key{"stop_deadline",
        at<ServiceConfig, &ServiceConfig::stop_deadline>,
        "Longest time for a clean stop; keep it below TimeoutStopSec of the unit.",
        {kSecond, 5 * kMinute}},
};

constexpr std::array kBackup{
    Key{"folder", at<BackupConfig, &BackupConfig::folder>,
        "Folder in which watchpost-backup.timer keeps a backup of each day; when absent none is "
        "made."},
    Key{"keep",
        at<BackupConfig, &BackupConfig::keep>,
        "How many backups of this gateway stay; the oldest go.",
        {1, 1'000}},
};

constexpr std::array kMetrics{
    Key{"address",
        at<MetricsConfig, &MetricsConfig::address>,
        "Where Prometheus asks for /metrics; 0.0.0.0 or :: for every network.",
        {},
        Form::address},
    Key{"port",
        at<MetricsConfig, &MetricsConfig::port>,
        "TCP port of /metrics; 0 for none.",
        {0, 65'535}},
};

template <auto Member>
std::vector<AnySection> all_of(Config& config) {
  if constexpr (requires { (config.*Member).begin(); }) {
    std::vector<AnySection> all;
    for (auto& section : config.*Member) all.emplace_back(&section);
    return all;
  } else {
    return {AnySection{&(config.*Member)}};
  }
}
template <auto Member>
AnySection added(Config& config) {
  if constexpr (requires { (config.*Member).begin(); }) {
    return &(config.*Member).emplace_back();
  } else {
    return &(config.*Member);
  }
}
template <auto Member>
void cleared(Config& config) {
  if constexpr (requires { (config.*Member).clear(); }) (config.*Member).clear();
}

struct Outline {
  std::string_view name;
  std::string_view sentence;
  std::size_t most = 1;
};
template <auto Member>
Section section(Outline outline, std::span<const Key> keys) {
  return Section{outline.name,   outline.sentence, keys, outline.most, &all_of<Member>,
                 &added<Member>, &cleared<Member>};
}

}  // namespace

bool fits(const Key& key, const AnySection& section) {
  if (const auto* const* output = std::get_if<OutputConfig*>(&section))
    return fits_output(key.name, (*output)->kind);
  const auto* const* listener = std::get_if<ListenerConfig*>(&section);
  return listener == nullptr || (*listener)->is_mqtt() || !key.mqtt_only;
}

std::string Section::heading() const {
  return repeated() ? fmt::format("[[{}]]", name) : fmt::format("[{}]", name);
}

std::span<const Section> sections() {
  static const std::array all{
      section<&Config::gateway>({"gateway", "This gateway."}, kGateway),
      section<&Config::log>({"log", "What is written about the daemon's own state."}, kLog),
      section<&Config::store>({"store", "Where records are kept, and how much."}, kStore),
      section<&Config::listeners>({"listener", "Where sensors connect to this gateway.", 32},
                                  kListener),
      section<&Config::upstreams>({"upstream", "Where events go.", 16}, upstream_keys()),
      section<&Config::brokers>({"broker", "A broker that this gateway reads.", 16}, broker_keys()),
      section<&Config::outputs>(
          {"output", "A siren that sounds with the alarms, or a channel that tells people of them.",
           32},
          output_keys()),
      section<&Config::escalations>(
          {"escalation", "Who is told of which alarms, after how long without anybody.", 32},
          escalation_keys()),
      section<&Config::decoders>({"decoder", "Which decoder reads which topics.", 1'000}, kDecoder),
      section<&Config::devices>({"device", "What is known about a device.", 10'000}, device_keys()),
      section<&Config::rules>({"rule", "What is an alarm at this site.", 1'000}, rule_keys()),
      section<&Config::local_traffic>(
          {"local_traffic", "Messages that only devices and programs here need."}, kLocalTraffic),
      section<&Config::patrol>({"patrol", "Volunteers' rounds."}, kPatrol),
      section<&Config::supervision>({"supervision", "When a device is silent."}, kSupervision),
      section<&Config::local>(
          {"local", "The Unix socket on which the watchpost command asks this daemon."}, kLocal),
      section<&Config::service>({"service", "Start and stop."}, kService),
      section<&Config::backup>({"backup", "Backups, made by a timer."}, kBackup),
      section<&Config::metrics>({"metrics", "Numbers for Prometheus."}, kMetrics),
  };
  return all;
}

std::span<const Key> listener_keys() {
  return kListener;
}

}  // namespace watchpost::settings

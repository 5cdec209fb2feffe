// The keys of [[upstream]] and [[broker]].
#include "settings/slots.hpp"

namespace watchpost::settings {
namespace {

constexpr std::uint64_t kMqttLongest = 65'535 * kSecond;  // Keep Alive is 16 bits of seconds

constexpr Limits kKeepAlive{5 * kSecond, kMqttLongest};
constexpr Limits kReconnect{100, kHour};

using U = UpstreamConfig;
using B = BrokerConfig;
using L = LinkConfig;

template <auto... Members>
constexpr auto upstream = &slot_of<U, Members...>;
template <auto... Members>
constexpr auto broker = &slot_of<B, Members...>;

constexpr std::array kUpstream{
    Key{"name",
        upstream<&U::link, &L::name>,
        "Names this upstream in logs and in the store; a new name starts from the oldest record.",
        {},
        Form::label,
        true},
    Key{"url",
        upstream<&U::link, &L::url>,
        "The server; mqtts:// for TLS. Ports when absent: 1883, 8883. Or listener: the server "
        "comes to a [[listener]] of ours, as the client of client_id.",
        {},
        Form::any,
        true},
    Key{"required", upstream<&U::required>,
        "Keep every record until this upstream has acknowledged it. What no upstream that is "
        "required gets is kept until one has it."},
    Key{"classes", upstream<&U::classes>, "Which classes of events this upstream gets."},
    Key{"raw", upstream<&U::raw>,
        "When events carry the bytes as received: only where nothing was decoded and in alarms, "
        "always, or never."},
    Key{"topic",
        upstream<&U::topic>,
        "The form of the topics on which events are published: words and {district} {street} "
        "{village} {area} {gateway} {class} {domain} {device}.",
        {},
        Form::topics},
    Key{"presence", upstream<&U::presence>,
        "How the server is told that this box is connected: retained (kept for later "
        "subscribers), plain (published, not kept), off."},
    Key{"will", upstream<&U::will>,
        "Leave a will with the server, by which it says that this box is gone."},
    Key{"protocol", upstream<&U::link, &L::protocol>, "Version of MQTT."},
    Key{"client", upstream<&U::link, &L::client>,
        "The MQTT client that speaks: Watchpost's own, or Eclipse Paho."},
    Key{"client_id", upstream<&U::link, &L::client_id>,
        "MQTT Client Identifier; watchpost-<gateway id>-<name> when absent."},
    Key{"username", upstream<&U::link, &L::username>, "User name, if the server asks for one."},
    Key{"password",
        upstream<&U::link, &L::password>,
        "Password; password_file is safer.",
        {},
        Form::secret},
    Key{"password_file",
        upstream<&U::link, &L::password_file>,
        "File whose first line is the password.",
        {},
        Form::file},
    Key{"ca_file",
        upstream<&U::link, &L::ca_file>,
        "PEM file of the authorities to trust; those of the system when absent.",
        {},
        Form::file},
    Key{"cert_file",
        upstream<&U::link, &L::cert_file>,
        "PEM file of our own certificate, if the server asks for one.",
        {},
        Form::file},
    Key{"key_file",
        upstream<&U::link, &L::key_file>,
        "PEM file of the certificate's private key.",
        {},
        Form::file},
    Key{"tls_verify", upstream<&U::link, &L::tls_verify>,
        "Check the server's certificate and host name."},
    Key{"keep_alive", upstream<&U::link, &L::keep_alive>,
        "Longest silence on the link before a ping.", kKeepAlive},
    Key{"acknowledge_timeout",
        upstream<&U::acknowledge_timeout>,
        "A publish unacknowledged for so long drops the link and starts again.",
        {kSecond, kHour}},
    Key{"custody", upstream<&U::custody>,
        "When an event counts as delivered: broker (the server's acknowledgement is enough) or "
        "receipt (the receiver behind the server has confirmed that the event is stored)."},
    Key{"receipt_classes", upstream<&U::receipt_classes>,
        "Which classes need the receipt where custody is receipt; the others go by broker."},
    Key{"receipt_timeout",
        upstream<&U::receipt_timeout>,
        "Without a new receipt for so long, what is unconfirmed is sent again.",
        {kSecond, kHour}},
    Key{"heard_classes",
        upstream<&U::heard_classes>,
        "Which classes are not delivered while nobody has subscribed to them (reason code 0x10 of "
        "MQTT 5); [] where the server's own rules take the events.",
        {},
        Form::or_none},
    Key{"commands", upstream<&U::commands>,
        "What this upstream may ask for on its cmd topic, by the names of the actions; [\"all\"]: "
        "whatever an upstream may be granted; []: nothing."},
    Key{"max_rate",
        upstream<&U::max_rate>,
        "Most events a second; alarms do not wait, but are counted. 0: no limit.",
        {0, 1'000'000}},
    Key{"batch_events",
        upstream<&U::batch_events>,
        "Most status or telemetry events in one publish, as a CloudEvents batch of what is "
        "waiting; 1: "
        "no batches. Alarms and patrols always go singly, and nothing waits to fill a batch.",
        {1, 1'000}},
    Key{"batch_bytes",
        upstream<&U::batch_bytes>,
        "Most text in one batch, before compression.",
        {kKiB, 64 * kKiB}},
    Key{"compression", upstream<&U::compression>,
        "How batches are compressed; needs MQTT 5, which tells the receiver."},
    Key{"reconnect_spread",
        upstream<&U::reconnect_spread>,
        "After a lost link, connecting and the backlog begin at a moment drawn from this long, so "
        "that not all gateways of a district come at once; alarms do not wait for it.",
        {0, kHour}},
    Key{"reconnect_first", upstream<&U::link, &L::reconnect_first>,
        "First wait before connecting again; doubles each time.", kReconnect},
    Key{"reconnect_ceiling", upstream<&U::link, &L::reconnect_ceiling>,
        "Longest wait before connecting again.", kReconnect},
    Key{"window",
        upstream<&U::window>,
        "Publishes that may be unacknowledged at once.",
        {1, 1'000}},
    Key{"alarm_slots",
        upstream<&U::alarm_slots>,
        "Part of the window that only alarms may use; less than window.",
        {0, 999}},
};

constexpr std::array kBroker{
    Key{"name",
        broker<&B::link, &L::name>,
        "Names this broker in logs and as the source of its messages; host and port when absent.",
        {},
        Form::label},
    Key{"url",
        broker<&B::link, &L::url>,
        "The server; mqtts:// for TLS. Ports when absent: 1883, 8883.",
        {},
        Form::any,
        true},
    Key{"topics", broker<&B::topics>, "Topic Filters to subscribe to.", {}, Form::any, true},
    Key{"protocol", broker<&B::link, &L::protocol>, "Version of MQTT."},
    Key{"client", broker<&B::link, &L::client>,
        "The MQTT client that speaks: Watchpost's own, or Eclipse Paho."},
    Key{"client_id", broker<&B::link, &L::client_id>,
        "MQTT Client Identifier; the broker keeps messages for it. watchpost-<gateway id>-<name> "
        "when absent."},
    Key{"session_expiry",
        broker<&B::session_expiry>,
        "How long the broker keeps our session, with the messages that arrive, while we are away.",
        {0, kHour * 24 * 3'650}},
    Key{"username", broker<&B::link, &L::username>, "User name, if the broker asks for one."},
    Key{"password",
        broker<&B::link, &L::password>,
        "Password; password_file is safer.",
        {},
        Form::secret},
    Key{"password_file",
        broker<&B::link, &L::password_file>,
        "File whose first line is the password.",
        {},
        Form::file},
    Key{"ca_file",
        broker<&B::link, &L::ca_file>,
        "PEM file of the authorities to trust; those of the system when absent.",
        {},
        Form::file},
    Key{"cert_file",
        broker<&B::link, &L::cert_file>,
        "PEM file of our own certificate, if the broker asks for one.",
        {},
        Form::file},
    Key{"key_file",
        broker<&B::link, &L::key_file>,
        "PEM file of the certificate's private key.",
        {},
        Form::file},
    Key{"tls_verify", broker<&B::link, &L::tls_verify>,
        "Check the broker's certificate and host name."},
    Key{"keep_alive", broker<&B::link, &L::keep_alive>,
        "Longest silence on the link before a ping.", kKeepAlive},
    Key{"reconnect_first", broker<&B::link, &L::reconnect_first>,
        "First wait before connecting again; doubles each time.", kReconnect},
    Key{"reconnect_ceiling", broker<&B::link, &L::reconnect_ceiling>,
        "Longest wait before connecting again.", kReconnect},
};

}  // namespace

std::span<const Key> upstream_keys() {
  return kUpstream;
}
std::span<const Key> broker_keys() {
  return kBroker;
}

}  // namespace watchpost::settings

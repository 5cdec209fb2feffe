// TroubleShape: the name of each code and the names of its arguments.
// Promise: both are part of the JSON of the local API and do not change. `why` is the one argument
// that holds words of another program (the kernel, SQLite, OpenSSL, a decoder), in its language.
// Used by every layer above base, on any thread.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "model/trouble_code.hpp"

namespace watchpost {

struct TroubleShape {
  TroubleCode code;
  std::string_view name;                  // in JSON, in the guides and on the command line
  std::array<const char*, 8> parameters;  // ended by the first that is null
};

namespace trouble_shapes {

using enum TroubleCode;
using Row = TroubleShape;

inline constexpr std::array kAll{
    Row{store_not_writable, "store_not_writable", {}},
    Row{no_room, "no_room", {"refused", "dropped"}},
    Row{store_salvaged, "store_salvaged", {"saved", "lost", "aside"}},
    Row{store_forgot, "store_forgot", {"lost"}},
    Row{devices_not_read, "devices_not_read", {"devices", "names"}},
    Row{own_events, "own_events", {"events"}},
    Row{client_packet_too_large,
        "client_packet_too_large",
        {"client", "address", "topic", "size", "times", "most", "enough", "port"}},
    Row{client_packet_beyond_all,
        "client_packet_beyond_all",
        {"client", "address", "topic", "size", "times", "most"}},
    Row{upstream_alarms_wait, "upstream_alarms_wait", {"upstream", "events", "alarms"}},
    Row{upstream_not_connected, "upstream_not_connected", {"upstream", "events"}},
    Row{upstream_link_unsteady, "upstream_link_unsteady", {"upstream", "events", "alarms"}},
    Row{upstream_refuses, "upstream_refuses", {"upstream", "events", "alarms"}},
    Row{upstream_backlog_not_readable,
        "upstream_backlog_not_readable",
        {"upstream", "events", "alarms"}},
    Row{upstream_not_confirming, "upstream_not_confirming", {"upstream", "events", "alarms"}},
    Row{upstream_nobody_listens,
        "upstream_nobody_listens",
        {"upstream", "by_class", "age", "topics"}},
    Row{upstream_set_aside, "upstream_set_aside", {"upstream", "events", "by_class"}},
    Row{broker_not_read, "broker_not_read", {"broker"}},
    Row{broker_link_unsteady, "broker_link_unsteady", {"broker"}},
    Row{clock_wrong, "clock_wrong", {}},
    Row{room_disk_full, "room_disk_full", {"class", "folder"}},
    Row{room_disk_too_small, "room_disk_too_small", {"class", "folder", "most"}},
    Row{room_quota, "room_quota", {"class", "free"}},
    Row{room_dropping, "room_dropping", {"class"}},
    Row{store_full, "store_full", {"step", "why", "code"}},
    Row{store_disk_errors, "store_disk_errors", {"step", "why", "code"}},
    Row{store_read_only, "store_read_only", {"step", "why", "code"}},
    Row{store_busy, "store_busy", {"step", "why", "code"}},
    Row{store_damaged, "store_damaged", {"why"}},
    Row{store_error, "store_error", {"step", "why", "code"}},
    Row{store_being_saved, "store_being_saved", {}},
    Row{not_read_topic, "not_read_topic", {"topic"}},
    Row{not_read_payload, "not_read_payload", {"sender", "topic", "why"}},
    Row{class_refused, "class_refused", {"class", "code"}},
    Row{class_set_aside, "class_set_aside", {"class", "code"}},
    Row{set_aside_earlier, "set_aside_earlier", {}},
    Row{refusal_unspecified, "refusal_unspecified", {}},
    Row{refusal_internal, "refusal_internal", {}},
    Row{refusal_not_authorized, "refusal_not_authorized", {}},
    Row{refusal_topic, "refusal_topic", {}},
    Row{refusal_packet_id, "refusal_packet_id", {}},
    Row{refusal_too_large, "refusal_too_large", {}},
    Row{refusal_quota, "refusal_quota", {}},
    Row{refusal_payload, "refusal_payload", {}},
    Row{refusal_qos, "refusal_qos", {}},
    Row{refusal_breaks_link, "refusal_breaks_link", {}},
    Row{refusal_unknown, "refusal_unknown", {}},
    Row{receipts_silent, "receipts_silent", {}},
    Row{receipts_forbidden, "receipts_forbidden", {"topic", "code"}},
    Row{link_refused, "link_refused", {"topic", "code"}},
    Row{link_taken_over, "link_taken_over", {"client"}},
    Row{link_one_item, "link_one_item", {"topic", "size"}},
    Row{link_closed, "link_closed", {"url"}},
    Row{link_closed_in_connect, "link_closed_in_connect", {"url"}},
    Row{link_broken, "link_broken", {"url", "why"}},
    Row{link_broken_in_connect, "link_broken_in_connect", {"url", "why"}},
    Row{link_no_connack, "link_no_connack", {"url", "time"}},
    Row{link_no_ping_answer, "link_no_ping_answer", {"url"}},
    Row{link_no_puback, "link_no_puback", {"time"}},
    Row{link_not_mqtt, "link_not_mqtt", {"url", "version", "why"}},
    Row{link_ended_here, "link_ended_here", {"url"}},
    Row{name_unknown, "name_unknown", {"host", "why"}},
    Row{name_no_thread, "name_no_thread", {"host", "why"}},
    Row{link_port_closed, "link_port_closed", {"url", "port", "why"}},
    Row{link_no_way, "link_no_way", {"url", "why"}},
    Row{link_no_answer, "link_no_answer", {"url", "time"}},
    Row{link_timed_out, "link_timed_out", {"url", "why"}},
    Row{link_not_reached, "link_not_reached", {"url", "why"}},
    Row{link_no_connect, "link_no_connect", {"time"}},
    Row{link_not_tls, "link_not_tls", {"url", "why"}},
    Row{tls_not_reached, "tls_not_reached", {"url", "why"}},
    Row{tls_name, "tls_name", {"url", "host"}},
    Row{tls_expired, "tls_expired", {"url", "date"}},
    Row{tls_not_yet_valid, "tls_not_yet_valid", {"url", "date"}},
    Row{tls_not_trusted, "tls_not_trusted", {"url", "why"}},
    Row{tls_certificate_wanted, "tls_certificate_wanted", {"url"}},
    Row{tls_authorities, "tls_authorities", {"file", "why"}},
    Row{tls_file, "tls_file", {"file", "why"}},
    Row{paho_not_reached, "paho_not_reached", {"url", "code"}},
    Row{paho_call, "paho_call", {"url", "why", "code"}},
    Row{broker_silent, "broker_silent", {}},
    Row{broker_topic_refused, "broker_topic_refused", {"url", "topic", "code"}},
    Row{broker_not_kept, "broker_not_kept", {"url"}},
    Row{connack_version, "connack_version", {"url", "code", "section"}},
    Row{connack_client_id, "connack_client_id", {"url", "code", "section"}},
    Row{connack_busy, "connack_busy", {"url", "code"}},
    Row{connack_credentials, "connack_credentials", {"url", "code", "section"}},
    Row{connack_no_reason, "connack_no_reason", {"url", "code"}},
    Row{connack_unread, "connack_unread", {"url", "code", "section"}},
    Row{connack_settings, "connack_settings", {"url", "code"}},
    Row{connack_banned, "connack_banned", {"url", "code"}},
    Row{connack_authentication, "connack_authentication", {"url", "code"}},
    Row{connack_will_topic, "connack_will_topic", {"url", "code"}},
    Row{connack_too_large, "connack_too_large", {"url", "code"}},
    Row{connack_quota, "connack_quota", {"url", "code"}},
    Row{connack_will_text, "connack_will_text", {"url", "code"}},
    Row{connack_retain, "connack_retain", {"url", "code"}},
    Row{connack_qos, "connack_qos", {"url", "code"}},
    Row{connack_other_server, "connack_other_server", {"url", "code", "section"}},
    Row{connack_moved, "connack_moved", {"url", "code", "section"}},
    Row{connack_rate, "connack_rate", {"url", "code"}},
    Row{connack_unknown, "connack_unknown", {"url", "code"}},
    Row{disconnect_not_allowed, "disconnect_not_allowed", {"url", "code"}},
    Row{disconnect_busy, "disconnect_busy", {"url", "code"}},
    Row{disconnect_shutdown, "disconnect_shutdown", {"url", "code"}},
    Row{disconnect_keep_alive, "disconnect_keep_alive", {"url", "code"}},
    Row{disconnect_taken_over, "disconnect_taken_over", {"url", "code"}},
    Row{disconnect_too_large, "disconnect_too_large", {"url", "code"}},
    Row{disconnect_quota, "disconnect_quota", {"url", "code"}},
    Row{disconnect_operator, "disconnect_operator", {"url", "code"}},
    Row{disconnect_other_server, "disconnect_other_server", {"url", "code", "section"}},
    Row{disconnect_moved, "disconnect_moved", {"url", "code", "section"}},
    Row{disconnect_unknown, "disconnect_unknown", {"url", "code"}},
    Row{server_named, "server_named", {"server"}},
    Row{see_log, "see_log", {}},
};

}  // namespace trouble_shapes

inline constexpr const auto& kTroubleShapes = trouble_shapes::kAll;

[[nodiscard]] constexpr bool shapes_are_in_order() {
  for (std::size_t i = 0; i < kTroubleShapes.size(); ++i) {
    if (static_cast<std::size_t>(kTroubleShapes[i].code) != i) return false;
  }
  return true;
}
static_assert(shapes_are_in_order());

[[nodiscard]] constexpr const TroubleShape& shape_of(TroubleCode code) {
  return kTroubleShapes[static_cast<std::size_t>(code)];
}

}  // namespace watchpost

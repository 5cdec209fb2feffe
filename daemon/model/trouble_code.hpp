// TroubleCode: every kind of trouble that a person is told about, with the names of its arguments.
// Promise: a code never changes its meaning; its texts are in trouble_catalogue.hpp. The names
// are part of the JSON of the local API. Used by every layer above base, on any thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace watchpost {

// In the order in which `watchpost status` shows them: the worst first. Causes come last: they
// stand below another trouble and say why it is so.
enum class TroubleCode : std::uint8_t {
  // The store.
  store_not_writable,
  no_room,
  store_salvaged,
  store_forgot,
  // Sensors.
  devices_not_read,
  own_events,
  client_packet_too_large,
  client_packet_beyond_all,
  // Ways out and in.
  upstream_alarms_wait,
  upstream_not_connected,
  upstream_link_unsteady,
  upstream_refuses,
  upstream_backlog_not_readable,
  upstream_not_confirming,
  upstream_nobody_listens,
  upstream_set_aside,
  broker_not_read,
  broker_link_unsteady,
  // The box.
  clock_wrong,
  // Causes.
  room_disk_full,
  room_quota,
  room_dropping,
  not_read_topic,
  not_read_payload,
  class_refused,
  class_set_aside,
  set_aside_earlier,
  refusal_unspecified,
  refusal_internal,
  refusal_not_authorized,
  refusal_topic,
  refusal_packet_id,
  refusal_too_large,
  refusal_quota,
  refusal_payload,
  refusal_qos,
  refusal_breaks_link,
  refusal_unknown,
  receipts_silent,
  receipts_forbidden,
  link_refused,
  link_taken_over,
  link_one_item,
  other_cause,
};

struct TroubleShape {
  TroubleCode code;
  std::string_view name;                  // in JSON, in the guides and on the command line
  std::array<const char*, 8> parameters;  // ended by the first that is null
};

inline constexpr std::array kTroubleShapes{
    TroubleShape{TroubleCode::store_not_writable, "store_not_writable", {}},
    TroubleShape{TroubleCode::no_room, "no_room", {"refused", "dropped"}},
    TroubleShape{TroubleCode::store_salvaged, "store_salvaged", {"saved", "lost", "aside"}},
    TroubleShape{TroubleCode::store_forgot, "store_forgot", {"lost"}},
    TroubleShape{TroubleCode::devices_not_read, "devices_not_read", {"devices", "names"}},
    TroubleShape{TroubleCode::own_events, "own_events", {"events"}},
    TroubleShape{TroubleCode::client_packet_too_large,
                 "client_packet_too_large",
                 {"client", "address", "topic", "size", "times", "most", "enough", "port"}},
    TroubleShape{TroubleCode::client_packet_beyond_all,
                 "client_packet_beyond_all",
                 {"client", "address", "topic", "size", "times", "most"}},
    TroubleShape{TroubleCode::upstream_alarms_wait,
                 "upstream_alarms_wait",
                 {"upstream", "events", "alarms"}},
    TroubleShape{
        TroubleCode::upstream_not_connected, "upstream_not_connected", {"upstream", "events"}},
    TroubleShape{TroubleCode::upstream_link_unsteady,
                 "upstream_link_unsteady",
                 {"upstream", "events", "alarms"}},
    TroubleShape{
        TroubleCode::upstream_refuses, "upstream_refuses", {"upstream", "events", "alarms"}},
    TroubleShape{TroubleCode::upstream_backlog_not_readable,
                 "upstream_backlog_not_readable",
                 {"upstream", "events", "alarms"}},
    TroubleShape{TroubleCode::upstream_not_confirming,
                 "upstream_not_confirming",
                 {"upstream", "events", "alarms"}},
    TroubleShape{TroubleCode::upstream_nobody_listens,
                 "upstream_nobody_listens",
                 {"upstream", "by_class", "age", "topics"}},
    TroubleShape{
        TroubleCode::upstream_set_aside, "upstream_set_aside", {"upstream", "events", "by_class"}},
    TroubleShape{TroubleCode::broker_not_read, "broker_not_read", {"broker"}},
    TroubleShape{TroubleCode::broker_link_unsteady, "broker_link_unsteady", {"broker"}},
    TroubleShape{TroubleCode::clock_wrong, "clock_wrong", {}},
    TroubleShape{TroubleCode::room_disk_full, "room_disk_full", {"class"}},
    TroubleShape{TroubleCode::room_quota, "room_quota", {"class"}},
    TroubleShape{TroubleCode::room_dropping, "room_dropping", {"class"}},
    TroubleShape{TroubleCode::not_read_topic, "not_read_topic", {"topic"}},
    TroubleShape{TroubleCode::not_read_payload, "not_read_payload", {"sender", "topic", "why"}},
    TroubleShape{TroubleCode::class_refused, "class_refused", {"class", "code"}},
    TroubleShape{TroubleCode::class_set_aside, "class_set_aside", {"class", "code"}},
    TroubleShape{TroubleCode::set_aside_earlier, "set_aside_earlier", {}},
    TroubleShape{TroubleCode::refusal_unspecified, "refusal_unspecified", {}},
    TroubleShape{TroubleCode::refusal_internal, "refusal_internal", {}},
    TroubleShape{TroubleCode::refusal_not_authorized, "refusal_not_authorized", {}},
    TroubleShape{TroubleCode::refusal_topic, "refusal_topic", {}},
    TroubleShape{TroubleCode::refusal_packet_id, "refusal_packet_id", {}},
    TroubleShape{TroubleCode::refusal_too_large, "refusal_too_large", {}},
    TroubleShape{TroubleCode::refusal_quota, "refusal_quota", {}},
    TroubleShape{TroubleCode::refusal_payload, "refusal_payload", {}},
    TroubleShape{TroubleCode::refusal_qos, "refusal_qos", {}},
    TroubleShape{TroubleCode::refusal_breaks_link, "refusal_breaks_link", {}},
    TroubleShape{TroubleCode::refusal_unknown, "refusal_unknown", {}},
    TroubleShape{TroubleCode::receipts_silent, "receipts_silent", {}},
    TroubleShape{TroubleCode::receipts_forbidden, "receipts_forbidden", {"topic", "code"}},
    TroubleShape{TroubleCode::link_refused, "link_refused", {"topic", "code"}},
    TroubleShape{TroubleCode::link_taken_over, "link_taken_over", {"client"}},
    TroubleShape{TroubleCode::link_one_item, "link_one_item", {"topic", "size"}},
    TroubleShape{TroubleCode::other_cause, "other_cause", {"what", "next"}},
};

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

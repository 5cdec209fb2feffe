// TroubleCode: every kind of trouble that a person is told about.
// Promise: a code never changes its meaning; its name and its arguments are in
// trouble_shapes_*.hpp, its texts in trouble_catalogue.hpp. Used above base, on any thread.
#pragma once

#include <cstdint>

namespace watchpost {

// In the order in which `watchpost status` shows them: the worst first. Causes come last: they
// stand below another trouble and say why it is so.
enum class TroubleCode : std::uint8_t {
  // The store.
  store_not_writable,
  alarms_refused,
  no_room,
  store_salvaged,
  store_was_none,
  store_forgot,
  store_vanished,
  // clang-format off
  alarms_damaged, alarms_rebuilt, alarms_unknown,
  facts_damaged,
  // Sirens, sensors, and what they say.
  output_not_reached, output_not_heard, output_refused, output_no_answer, output_not_told,
  output_test_failed, output_never_tested, output_test_due,
  alarms_beyond, alarms_told_late,
  // clang-format on
  rules_beyond,
  plugin_rests,
  devices_not_read,
  profile_unknown,
  taps_copied,
  taps_not_proven,
  tap_counters_restored,
  client_turned_away,
  client_may_not_publish,
  clients_share_id,
  own_events,
  client_packet_too_large,
  client_packet_beyond_all,
  client_port_full,
  station_port_full,
  port_takes_nothing,
  certificate_over,
  station_noise,
  // Ways out and in.
  not_set_up,
  no_upstream_for_alarms,
  upstream_alarms_wait,
  upstream_not_connected,
  upstream_link_unsteady,
  upstream_refuses,
  upstream_backlog_not_readable,
  upstream_not_confirming,
  // clang-format off
  upstream_nobody_listens, upstream_has_more, upstream_set_aside, upstream_refuses_state,
  upstream_without_will, upstream_without_retained, upstream_without_presence,
  upstream_commands_forbidden, upstream_refuses_answers, upstream_without_commands,
  // clang-format on
  broker_not_read,
  broker_not_read_kept,
  broker_session_lost,
  broker_link_unsteady,
  broker_brings_nothing,
  client_may_not_subscribe,
  client_gets_part,
  client_queue_full,
  client_queues_full,
  client_queues_gave_way,
  passwords_guessed,
  plugin_crashed,
  tls_files_not_read,
  certificate_ends,
  // The box.
  config_not_used,
  clock_wrong,
  // Advice.
  devices_not_proven,
  config_needs_restart,
  certificate_not_judged,
  revocations_old,
  // Causes: the store and its disk.
  room_disk_full,
  room_disk_too_small,
  room_disk_below_least,
  room_quota,
  room_dropping,
  store_full,
  store_disk_errors,
  store_read_only,
  store_busy,
  store_damaged,
  store_error,
  store_being_saved,
  store_late,
  // Causes: a client that is not let in.
  client_no_user_name,
  client_unknown_user,
  client_wrong_password,
  client_old_protocol,
  // Causes: a file that a person writes.
  file_mistake,
  // Causes: what a device sends.
  not_read_topic,
  not_read_payload,
  // clang-format off
  // Causes: what an upstream says to an event.
  class_refused, class_set_aside, set_aside_earlier,
  refusal_unspecified, refusal_internal, refusal_not_authorized, refusal_topic, refusal_packet_id,
  refusal_too_large, refusal_quota, refusal_payload, refusal_qos, refusal_breaks_link,
  refusal_unknown,
  receipts_silent, receipts_forbidden,
  // Causes: a link that ends.
  link_refused, link_taken_over, link_one_item, rule_retained, rule_levels, rule_size, rule_topic,
  link_no_qos, link_closed, link_closed_in_connect, link_broken,
  link_broken_in_connect, link_no_connack, link_no_ping_answer, link_no_puback, link_not_mqtt,
  link_ended_here, attached_away, attached_as_other, attached_deaf,
  // Causes: a server that is not reached.
  name_unknown, name_no_thread,
  link_port_closed, link_no_way, link_no_answer, link_timed_out, link_not_reached, link_no_connect,
  link_not_tls,
  tls_not_reached, tls_name, tls_expired, tls_not_yet_valid, tls_not_trusted, tls_self_signed,
  tls_certificate_wanted, tls_certificate_refused, tls_authorities, tls_file,
  paho_not_reached, paho_call, paho_link_ended, paho_link_keeps_ending,
  broker_silent, broker_topic_refused, broker_not_kept,
  // Causes: a server's no to our CONNECT, by the code of its CONNACK.
  connack_version, connack_client_id, connack_busy, connack_credentials, connack_no_reason,
  connack_unread, connack_settings, connack_banned, connack_authentication, connack_will_topic,
  connack_too_large, connack_quota, connack_will_text, connack_retain, connack_qos,
  connack_other_server, connack_moved, connack_rate, connack_unknown,
  // Causes: a server's DISCONNECT, by its code.
  disconnect_not_allowed, disconnect_busy, disconnect_shutdown, disconnect_keep_alive,
  disconnect_taken_over, disconnect_too_large, disconnect_quota, disconnect_operator,
  disconnect_other_server, disconnect_moved, disconnect_unknown,
  server_named,
  // Causes: a client that does not get through the handshake of its port.
  client_speaks_tls, client_speaks_http, client_without_tls, client_http_without_tls,
  client_tls_version, client_broken_tls, client_no_certificate, client_certificate_refused,
  client_certificate_over, client_certificate_revoked, client_without_list, client_key_unknown,
  client_distrusts_us, client_tls_to_websocket, client_without_websocket,
  client_no_websocket, client_websocket_path, client_websocket_protocol, client_foreign_page,
  client_text_frames,
  clock_not_kept,
  // clang-format on
  // A failure that has no code of its own: the log has its words.
  see_log,
};

}  // namespace watchpost

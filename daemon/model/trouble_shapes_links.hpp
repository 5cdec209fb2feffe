// The shapes of causes: links that end, and servers that are not reached.
// Promise: in the order of TroubleCode, behind trouble_shapes_own.hpp. Joined in
// trouble_shapes.hpp; any thread.
#pragma once

#include <array>

#include "model/trouble_shape.hpp"

namespace watchpost::trouble_shapes {
using enum TroubleCode;
using Row = TroubleShape;
inline constexpr std::array kLinks{
    Row{link_refused, "link_refused", {"topic", "code"}},
    Row{link_taken_over, "link_taken_over", {"client"}},
    Row{link_one_item, "link_one_item", {"topic", "size"}},
    Row{rule_retained, "rule_retained", {}},
    Row{rule_levels, "rule_levels", {"levels"}},
    Row{rule_size, "rule_size", {"most"}},
    Row{rule_topic, "rule_topic", {}},
    Row{link_no_qos, "link_no_qos", {}},
    Row{link_closed, "link_closed", {"url"}},
    Row{link_closed_in_connect, "link_closed_in_connect", {"url"}},
    Row{link_broken, "link_broken", {"url", "why"}},
    Row{link_broken_in_connect, "link_broken_in_connect", {"url", "why"}},
    Row{link_no_connack, "link_no_connack", {"url", "time"}},
    Row{link_no_ping_answer, "link_no_ping_answer", {"url"}},
    Row{link_no_puback, "link_no_puback", {"time"}},
    Row{link_not_mqtt, "link_not_mqtt", {"url", "version", "why"}},
    Row{link_ended_here, "link_ended_here", {"url"}},
    Row{attached_away, "attached_away", {"client"}},
    Row{attached_as_other, "attached_as_other", {"client", "user"}},
    Row{attached_deaf, "attached_deaf", {"client"}},
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
    Row{tls_self_signed, "tls_self_signed", {"url"}},
    Row{tls_certificate_wanted, "tls_certificate_wanted", {"url"}},
    Row{tls_certificate_refused, "tls_certificate_refused", {"url", "file", "client", "date"}},
    Row{tls_authorities, "tls_authorities", {"file", "why"}},
    Row{tls_file, "tls_file", {"file", "why"}},
    Row{paho_not_reached, "paho_not_reached", {"url", "code"}},
    Row{paho_call, "paho_call", {"url", "why", "code"}},
    Row{paho_link_ended, "paho_link_ended", {"url"}},
    Row{paho_link_keeps_ending, "paho_link_keeps_ending", {"client"}},
    Row{broker_silent, "broker_silent", {}},
    Row{broker_topic_refused, "broker_topic_refused", {"url", "topic", "code"}},
    Row{broker_not_kept, "broker_not_kept", {"url"}},
};

}  // namespace watchpost::trouble_shapes

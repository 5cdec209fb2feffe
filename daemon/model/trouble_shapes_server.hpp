// The shapes of what a server tells us in CONNACK and DISCONNECT (MQTT 5.0 section 2.4).
// Promise: in the order of TroubleCode, behind those of trouble_shapes_own.hpp. Joined in
// trouble_shapes.hpp; any thread.
#pragma once

#include <array>

#include "model/trouble_shape.hpp"

namespace watchpost::trouble_shapes {

using enum TroubleCode;
using Row = TroubleShape;

inline constexpr std::array kServer{
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
};

}  // namespace watchpost::trouble_shapes

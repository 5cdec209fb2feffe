// The shapes of why a client of ours does not get through the handshake of its port.
// Promise: in the order of TroubleCode, behind those of trouble_shapes_server.hpp. Joined in
// trouble_shapes.hpp; any thread.
#pragma once

#include <array>

#include "model/trouble_shape.hpp"

namespace watchpost::trouble_shapes {

using enum TroubleCode;
using Row = TroubleShape;

inline constexpr std::array kHandshake{
    Row{client_speaks_tls, "client_speaks_tls", {"port"}},
    Row{client_speaks_http, "client_speaks_http", {"port"}},
    Row{client_without_tls, "client_without_tls", {"port"}},
    Row{client_http_without_tls, "client_http_without_tls", {"port"}},
    Row{client_tls_version, "client_tls_version", {"port"}},
    Row{client_broken_tls, "client_broken_tls", {"port"}},
    Row{client_no_certificate, "client_no_certificate", {"port"}},
    Row{client_certificate_refused, "client_certificate_refused", {"port"}},
    Row{client_certificate_over, "client_certificate_over", {"port"}},
    Row{client_certificate_revoked, "client_certificate_revoked", {"port"}},
    Row{client_without_list, "client_without_list", {"port"}},
    Row{client_key_unknown, "client_key_unknown", {"port"}},
    Row{client_distrusts_us, "client_distrusts_us", {"port"}},
    Row{client_tls_to_websocket, "client_tls_to_websocket", {"port"}},
    Row{client_without_websocket, "client_without_websocket", {"port"}},
    Row{client_no_websocket, "client_no_websocket", {"port"}},
    Row{client_websocket_path, "client_websocket_path", {"port"}},
    Row{client_websocket_protocol, "client_websocket_protocol", {"port"}},
    Row{client_foreign_page, "client_foreign_page", {"port"}},
    Row{client_text_frames, "client_text_frames", {"port"}},
    Row{clock_not_kept, "clock_not_kept", {}},
};

}  // namespace watchpost::trouble_shapes

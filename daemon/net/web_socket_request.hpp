// web_socket_request: whether a client's request is one for MQTT over WebSocket.
// Promise: MQTT 5.0 section 6 and RFC 6455 section 4.2; the first sub-protocol of ours that the
// client names is agreed on. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

#include "net/handshake_fault.hpp"

namespace watchpost::net {

struct WebSocketOptions {
  std::string path = "/mqtt";
  // Pages of other hosts may not connect from somebody's browser: where no password is asked for,
  // any page that a person of the office opens could send alarms.
  bool same_host_only = false;
};

// The parts of the request that decide; the views outlive the call.
struct WebSocketRequest {
  std::string_view target;  // path and query
  bool is_upgrade = false;  // as RFC 6455 wants it
  std::string_view subprotocols{};
  std::string_view host{};
  std::string_view origin{};  // of the page that asks; empty: no browser
};

struct WebSocketVerdict {
  HandshakeFault fault = HandshakeFault::none;
  std::string_view subprotocol{};  // the one agreed on
};
[[nodiscard]] WebSocketVerdict judge(const WebSocketRequest& request,
                                     const WebSocketOptions& options);

}  // namespace watchpost::net

// HandshakeFault: why a client that came to a listening socket did not get to speak MQTT.
// Promise: what shake_hands or a read of a server's Stream answers with, where the client is the
// reason, has such a fault; every other error has none. Pure; any thread.
#pragma once

#include <cstdint>

#include "net/stream.hpp"

namespace watchpost::net {

enum class HandshakeFault : std::uint8_t {
  none,
  without_tls,          // it speaks MQTT in clear, and TLS is spoken here
  http_without_tls,     // it speaks HTTP or WebSocket in clear, and TLS is spoken here
  tls_version,          // no version of TLS, or no cipher, that both have
  no_certificate,       // it showed no certificate, and one is wanted here
  certificate_refused,  // it showed a certificate that nobody trusted here has signed
  certificate_over,     // it showed a certificate that has ended or has not begun, by our clock
  certificate_revoked,  // it showed a certificate that is on a list of revoked ones
  no_list,              // who signed its certificate has no list of revoked ones here
  key_unknown,          // it knows no key that this port shares with anybody
  distrusts_us,         // it does not take our certificate
  tls_to_websocket,     // it speaks TLS, and WebSocket in clear is spoken here
  mqtt_to_websocket,    // it speaks MQTT without WebSocket, which is spoken here
  no_websocket,         // it asks for a page, as a browser does
  other_path,           // it asks for a WebSocket at another path
  other_subprotocol,    // it asks for a WebSocket, but not to speak MQTT
  foreign_page,         // a page of another host asks, in somebody's browser
  text_frames,          // its MQTT comes in text frames (MQTT 5.0 section 6: binary only)
  broken_tls,           // TLS that makes no sense
};

[[nodiscard]] Error make_error_code(HandshakeFault fault);
// `none` where the error is no fault of this kind.
[[nodiscard]] HandshakeFault fault_in(const Error& error);

// What a client speaks, as far as its first byte tells.
enum class Speech : std::uint8_t { mqtt, tls, http, unknown };
[[nodiscard]] Speech speech_of(char first_byte);

// What a TLS handshake as server ended with, as a fault; `error` itself where the client is not the
// reason. `verdict`: of SSL_get_verify_result about the client's certificate.
[[nodiscard]] Error server_handshake_error(const Error& error, long verdict);

}  // namespace watchpost::net

// tls_probe: asks a TLS server the question that Paho answers with a number only: why not?
// Promise: one sentence about host, port and certificate, at the latest after `within` plus what
// resolving the name takes; nothing is sent beyond the handshake. Blocks: never on the I/O thread.
#pragma once

#include <chrono>
#include <string>

#include "base/result.hpp"
#include "net/url.hpp"

struct ssl_st;  // OpenSSL's SSL

namespace watchpost::net {

struct TlsQuestion {
  Url url;
  std::string ca_file;  // empty: the system's trust store
  bool verify_server = true;
  std::chrono::seconds within{5};
};

// What is wrong there, and what to do. Where nothing is found, it is what comes after the server's
// own certificate: ours, or the end of patience with us.
[[nodiscard]] Failure tls_trouble(const TlsQuestion& question);

// For who shakes hands himself; these do not block. Whom the server's certificate must name (with
// verifying switched on), and what is told to the server in clear, so that one of several names
// shows the right one.
void expect_host(ssl_st* tls, const std::string& host);
// Of SSL_get_verify_result.
[[nodiscard]] Failure certificate_failure(const Url& url, long verdict);
// A server that ends the connection after its own certificate was found good.
[[nodiscard]] Failure ended_after_certificate(const Url& url);

}  // namespace watchpost::net

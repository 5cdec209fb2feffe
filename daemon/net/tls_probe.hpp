// tls_probe: finds out why a TLS server cannot be reached, of which Paho tells a number only.
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
  std::string ca_file;          // empty: the system's trust store
  std::string own_certificate;  // the file that is shown to the server; empty: none
  bool verify_server = true;
  std::chrono::seconds within{5};
};

// What is wrong, and what to do. Where the server's own certificate is good, the trouble is what
// comes after it: our certificate, or a server that ends the connection.
[[nodiscard]] Failure tls_trouble(const TlsQuestion& question);

// From here on: for callers that make the handshake themselves; these functions do not block.
// Sets whom the server's certificate must name (where verifying is on), and tells the server that
// name in clear, so that a server of several names shows the right certificate.
void expect_host(ssl_st* tls, const std::string& host);
// `verdict`: of SSL_get_verify_result.
[[nodiscard]] Failure certificate_failure(const Url& url, long verdict);
// The server ended the connection after its own certificate was found good. `own_certificate`: the
// file that it was shown; empty: none.
[[nodiscard]] Failure ended_after_certificate(const Url& url, const std::string& own_certificate);

}  // namespace watchpost::net

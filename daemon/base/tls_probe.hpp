// tls_probe: asks a TLS server the question that Paho answers with a number only: why not?
// Promise: one sentence about host, port and certificate, at the latest after `within` plus what
// resolving the name takes; nothing is sent beyond the handshake. Blocks: never on the I/O thread.
#pragma once

#include <chrono>
#include <string>

#include "base/result.hpp"

namespace watchpost {

struct TlsQuestion {
  std::string url;      // mqtts://host:port
  std::string ca_file;  // empty: the system's trust store
  bool verify_server = true;
  std::chrono::seconds within{5};
};

// What is wrong there, and what to do. Where nothing is found, it is what comes after the server's
// own certificate: ours, or the end of patience with us.
[[nodiscard]] Failure tls_trouble(const TlsQuestion& question);

}  // namespace watchpost

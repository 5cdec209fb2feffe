// ConnectTrouble: why no stream to a server came about, and what to do.
// Promise: each is a code of the catalogue (model/trouble_catalogue.hpp). Pure; any thread.
#pragma once

#include <chrono>
#include <string>

#include "base/result.hpp"
#include "net/stream.hpp"
#include "net/url.hpp"

namespace watchpost::net {

struct ConnectTrouble {
  enum class Kind : std::uint8_t {
    none,
    name,         // the host's name cannot be looked up
    refused,      // the host is there, but nothing listens on the port
    unreachable,  // there is no way to the host
    silent,       // no answer in time
    not_tls,      // what answers there does not speak TLS
    certificate,  // the server's certificate is not good, or the server wants one of ours
    files,        // our own certificate files cannot be used
    other,
  };
  Kind kind = Kind::none;
  Failure failure;
};

[[nodiscard]] ConnectTrouble name_trouble(Failure failure);
[[nodiscard]] ConnectTrouble files_trouble(Failure failure);
[[nodiscard]] ConnectTrouble certificate_trouble(Failure failure);
[[nodiscard]] ConnectTrouble silent_trouble(const Url& url, std::chrono::seconds waited);
// Connecting over TCP has failed.
[[nodiscard]] ConnectTrouble tcp_trouble(const Url& url, const Error& error);
// The TLS handshake has failed, and no certificate of the server was seen.
[[nodiscard]] ConnectTrouble handshake_trouble(const Url& url, const Error& error);

}  // namespace watchpost::net

// Url: where an MQTT server is: mqtt://host:port, or mqtts://host:port for TLS; or the word
// "listener": the server comes to a [[listener]] of ours.
// Promise: the one reader of such texts; any other text is refused with what to write instead.
// Plain values; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace watchpost::net {

struct Url {
  std::string host = "127.0.0.1";  // a name, or an IPv4 or IPv6 address without brackets
  std::uint16_t port = 1883;
  bool tls = false;
  bool comes_to_us = false;  // then the rest says nothing
  bool is_http = false;      // of an HttpUrl: its text begins with http

  // Where `text` names no port, the port is 1883, with TLS 8883.
  [[nodiscard]] static Result<Url> parse(std::string_view text);
  [[nodiscard]] std::string text() const;
  // True: the host is an address, so there is no name to look up.
  [[nodiscard]] bool is_address() const;
  friend bool operator==(const Url&, const Url&) = default;
};

}  // namespace watchpost::net

// peer_name: the other end of a socket, as a log says it. Used by net/ only.
#pragma once

#include <cstdint>
#include <string>

#include "net/socket_stream.hpp"

namespace watchpost::net {

// "192.0.2.1:1883", "[2001:db8::1]:1883", of a Unix socket "local"; "gone" where there is none.
[[nodiscard]] std::string peer_name(const Socket& socket);
[[nodiscard]] std::uint16_t port_of(const Socket::endpoint_type& endpoint);

}  // namespace watchpost::net

// open_acceptor: an address and port turned into a listening socket.
// Promise: every failure names the address, the reason and the setting to change.
// I/O thread.
#pragma once

#include <boost/asio/ip/tcp.hpp>

#include "base/result.hpp"
#include "ingress/listener_options.hpp"

namespace watchpost::ingress {

[[nodiscard]] Result<boost::asio::ip::tcp::acceptor> open_acceptor(
    const boost::asio::any_io_executor& executor, const ListenerOptions& options);

// For every accepted socket: small answers leave at once, and a peer that vanished is noticed even
// where MQTT sets no keep alive.
void prepare_accepted(boost::asio::ip::tcp::socket& socket);

}  // namespace watchpost::ingress

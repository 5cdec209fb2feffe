#include "ingress/listening_socket.hpp"

#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/socket_base.hpp>

namespace watchpost::ingress {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

Failure cannot_listen(const ListenerOptions& options, const error_code& error) {
  std::string remedy = "Change `address` or `port` of this [[listener]] in watchpost.toml";
  if (error == asio::error::address_in_use) {
    remedy = fmt::format(
        "Another program holds this port, often Mosquitto (sudo ss -ltnp sport = :{0} names it). "
        "Set another `port` of this [[listener]] in watchpost.toml and point the sensors to it. "
        "Stop that program only if nothing else needs it: Zigbee2MQTT and others stop with their "
        "Mosquitto. To read what is sent to that Mosquitto, give it a [[broker]] section",
        options.port);
  } else if (error == asio::error::access_denied) {
    remedy =
        "Ports below 1024 need a privilege: set `port` of this [[listener]] in watchpost.toml "
        "to 1024 or more";
  }
  return Failure{Failure::Kind::environment,
                 fmt::format("cannot listen on {} port {}: {}", options.address, options.port,
                             error.message()),
                 std::move(remedy)};
}

}  // namespace

Result<tcp::acceptor> open_acceptor(const asio::any_io_executor& executor,
                                    const ListenerOptions& options) {
  error_code error;
  const auto address = asio::ip::make_address(options.address, error);
  if (error) {
    return Failure{Failure::Kind::invalid_input,
                   fmt::format("\"{}\" is not an IPv4 or IPv6 address", options.address),
                   "Set `address` of this [[listener]] in watchpost.toml, for example to 0.0.0.0"};
  }
  const tcp::endpoint endpoint(address, options.port);
  tcp::acceptor acceptor(executor);
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(asio::socket_base::reuse_address(true), error);
  // So that 0.0.0.0 and :: can both be listed.
  if (!error && address.is_v6()) acceptor.set_option(asio::ip::v6_only(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) return cannot_listen(options, error);
  return acceptor;
}

void prepare_accepted(tcp::socket& socket) {
  error_code ignored;  // a socket that takes no option is still served
  socket.set_option(tcp::no_delay(true), ignored);
  socket.set_option(asio::socket_base::keep_alive(true), ignored);
  socket.set_option(asio::detail::socket_option::integer<IPPROTO_TCP, TCP_KEEPIDLE>(60), ignored);
  socket.set_option(asio::detail::socket_option::integer<IPPROTO_TCP, TCP_KEEPINTVL>(20), ignored);
  socket.set_option(asio::detail::socket_option::integer<IPPROTO_TCP, TCP_KEEPCNT>(3), ignored);
}

}  // namespace watchpost::ingress

#include "net/peer_name.hpp"

#include <fmt/format.h>

#include <boost/asio/ip/tcp.hpp>
#include <cstring>

namespace watchpost::net {
namespace {

using boost::asio::ip::tcp;

tcp::endpoint internet_of(const Socket::endpoint_type& endpoint) {
  tcp::endpoint internet;
  if (endpoint.size() > internet.capacity()) return internet;
  internet.resize(endpoint.size());
  std::memcpy(internet.data(), endpoint.data(), endpoint.size());
  return internet;
}

bool is_internet(const Socket::endpoint_type& endpoint) {
  const int family = endpoint.protocol().family();
  return family == AF_INET || family == AF_INET6;
}

}  // namespace

std::uint16_t port_of(const Socket::endpoint_type& endpoint) {
  return is_internet(endpoint) ? internet_of(endpoint).port() : 0;
}

std::string peer_name(const Socket& socket) {
  Error error;
  const auto endpoint = socket.remote_endpoint(error);
  if (error) return "gone";
  if (!is_internet(endpoint)) return "local";
  const auto internet = internet_of(endpoint);
  const bool is_v6 = internet.address().is_v6();
  return fmt::format("{}{}{}:{}", is_v6 ? "[" : "", internet.address().to_string(),
                     is_v6 ? "]" : "", internet.port());
}

}  // namespace watchpost::net

#include "net/connect_trouble.hpp"

#include <fmt/format.h>

#include <boost/asio/error.hpp>
#include <utility>

namespace watchpost::net {
namespace {

namespace asio = boost::asio;
using Kind = ConnectTrouble::Kind;

ConnectTrouble unavailable(Kind kind, std::string what, std::string remedy) {
  return {kind, {Failure::Kind::unavailable, std::move(what), std::move(remedy)}};
}

}  // namespace

ConnectTrouble name_trouble(Failure failure) {
  return {Kind::name, std::move(failure)};
}

ConnectTrouble files_trouble(Failure failure) {
  return {Kind::files, std::move(failure)};
}

ConnectTrouble certificate_trouble(Failure failure) {
  return {Kind::certificate, std::move(failure)};
}

ConnectTrouble silent_trouble(const Url& url, std::chrono::seconds waited) {
  return unavailable(
      Kind::silent,
      fmt::format("{} cannot be reached: no answer for {} s", url.text(), waited.count()),
      "Check the network and the address; a firewall on the way may swallow what is sent to this "
      "port. It is tried again by itself");
}

ConnectTrouble tcp_trouble(const Url& url, const Error& error) {
  const std::string what = fmt::format("{} cannot be reached: {}", url.text(), error.message());
  if (error == asio::error::connection_refused) {
    return unavailable(Kind::refused, what,
                       fmt::format("The host is there, but nothing listens on port {}: check the "
                                   "port, and that the broker runs. It is tried again by itself",
                                   url.port));
  }
  if (error == asio::error::network_unreachable || error == asio::error::host_unreachable ||
      error == asio::error::network_down) {
    return unavailable(
        Kind::unreachable, what,
        "Check the network: there is no way to this address from here, so look at the "
        "cable or the mobile network of this box. It is tried again by itself");
  }
  if (error == asio::error::timed_out) {
    return unavailable(Kind::silent, what,
                       "Check the network and the address; a firewall on the way may swallow what "
                       "is sent to this port. It is tried again by itself");
  }
  return unavailable(Kind::other, what,
                     "Check the network, the address and port, and that the broker runs. It is "
                     "tried again by itself");
}

ConnectTrouble handshake_trouble(const Url& url, const Error& error) {
  return unavailable(
      Kind::not_tls, fmt::format("{} cannot be reached over TLS: {}", url.text(), error.message()),
      "Check the port, and that the server speaks TLS there: mqtts:// usually has port 8883, "
      "mqtt:// without TLS 1883. It is tried again by itself");
}

}  // namespace watchpost::net

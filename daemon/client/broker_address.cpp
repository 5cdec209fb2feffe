#include "client/broker_address.hpp"

#include <fmt/format.h>

#include <charconv>

namespace watchpost::client {
namespace {

constexpr std::string_view kPlain = "mqtt://";
constexpr std::string_view kTls = "mqtts://";
constexpr std::uint16_t kPlainPort = 1'883;
constexpr std::uint16_t kTlsPort = 8'883;

Failure not_an_address(std::string_view url) {
  return Failure{Failure::Kind::invalid_input, fmt::format("\"{}\" is no address of a broker", url),
                 "Write it as mqtt://host:port, such as mqtt://127.0.0.1:1884"};
}

}  // namespace

Result<BrokerAddress> broker_address_from(std::string_view url) {
  BrokerAddress address;
  address.tls = url.starts_with(kTls);
  if (!address.tls && !url.starts_with(kPlain)) return not_an_address(url);
  address.port = address.tls ? kTlsPort : kPlainPort;
  std::string_view rest = url.substr(address.tls ? kTls.size() : kPlain.size());
  if (rest.ends_with('/')) rest.remove_suffix(1);
  const auto bracket = rest.rfind(']');
  const auto colon = rest.rfind(':');
  const bool has_port = colon != rest.npos && (bracket == rest.npos || colon > bracket);
  if (has_port) {
    const auto digits = rest.substr(colon + 1);
    const auto* end = digits.data() + digits.size();
    const auto parsed = std::from_chars(digits.data(), end, address.port);
    const bool whole = parsed.ec == std::errc{} && parsed.ptr == end;
    if (!whole || address.port == 0) return not_an_address(url);
    rest = rest.substr(0, colon);
  }
  if (rest.starts_with('[') && rest.ends_with(']')) rest = rest.substr(1, rest.size() - 2);
  if (rest.empty() || rest.find_first_of("/@[] ") != rest.npos) return not_an_address(url);
  address.host = rest;
  return address;
}

}  // namespace watchpost::client

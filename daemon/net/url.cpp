#include "net/url.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <charconv>
#include <system_error>

#include "net/broken_address.hpp"

namespace watchpost::net {
namespace {

constexpr std::string_view kListener = "listener";
constexpr std::uint16_t kMqttPort = 1883;
constexpr std::uint16_t kMqttTlsPort = 8883;

Failure unfit(std::string remedy) {
  return Failure{Failure::Kind::invalid_input, "this is not the address of an MQTT server",
                 std::move(remedy)};
}

// What to write instead of `scheme`; empty when the scheme is one of ours.
std::string remedy_for_scheme(std::string_view scheme) {
  if (scheme == "mqtt" || scheme == "mqtts") return {};
  if (scheme == "tcp") return "write mqtt:// in place of tcp://";
  if (scheme == "ssl" || scheme == "tls") return "write mqtts:// for a connection with TLS";
  if (scheme == "ws" || scheme == "wss")
    return "WebSocket is not supported; use mqtt:// or mqtts://";
  return "Begin with mqtt:// or, for TLS, mqtts://";
}

// Boost.URL takes any number of digits for a port. 0: this is none.
std::uint16_t port_in(std::string_view digits) {
  std::uint16_t port = 0;
  const auto* const end = digits.data() + digits.size();
  const auto [at, error] = std::from_chars(digits.data(), end, port);
  return error == std::errc{} && at == end ? port : std::uint16_t{0};
}

}  // namespace

Result<Url> Url::parse(std::string_view text) {
  if (text == kListener) return Url{std::string(kListener), 0, false, true};
  const auto parsed = boost::urls::parse_uri(text);
  if (parsed.has_error()) {
    return unfit("write it as mqtt://host:port or mqtts://host:port");
  }
  const boost::urls::url_view& url = *parsed;
  const boost::urls::string_view scheme = url.scheme();
  if (auto remedy = remedy_for_scheme({scheme.data(), scheme.size()}); !remedy.empty()) {
    return unfit(std::move(remedy));
  }
  if (url.has_userinfo()) {
    return unfit(
        "take the name and password out of the URL; use the keys username and password_file");
  }
  if (url.host_address().empty()) return unfit("name a host: mqtt://host:port");
  if (has_broken_address(text)) {
    return unfit("an IPv4 address has four numbers from 0 to 255, as 192.168.1.30");
  }
  const bool has_path = !url.encoded_path().empty() && url.encoded_path() != "/";
  if (has_path || url.has_query() || url.has_fragment()) {
    return unfit("remove everything after the port");
  }
  Url result;
  result.tls = scheme == "mqtts";
  result.host = url.host_address();
  result.port = result.tls ? kMqttTlsPort : kMqttPort;
  if (url.has_port()) {
    const boost::urls::string_view digits = url.port();
    result.port = port_in({digits.data(), digits.size()});
    if (result.port == 0) return unfit("give a port from 1 to 65535 after the colon, or no colon");
  }
  return result;
}

std::string Url::text() const {
  if (comes_to_us) return host;
  const bool is_v6 = host.find(':') != std::string::npos;
  return fmt::format("{}{}://{}{}{}:{}", is_http ? "http" : "mqtt", tls ? "s" : "",
                     is_v6 ? "[" : "", host, is_v6 ? "]" : "", port);
}

bool Url::is_address() const {
  std::array<unsigned char, sizeof(in6_addr)> address{};
  return inet_pton(AF_INET, host.c_str(), address.data()) == 1 ||
         inet_pton(AF_INET6, host.c_str(), address.data()) == 1;
}

bool has_broken_address(std::string_view url) {
  const auto scheme = url.find("://");
  std::string_view host = scheme == std::string_view::npos ? url : url.substr(scheme + 3);
  host = host.substr(0, host.find_first_of("/?#"));
  host.remove_prefix(host.find('@') == std::string_view::npos ? 0 : host.find('@') + 1);
  // An IPv6 address, which wants brackets.
  if (std::count(host.begin(), host.end(), ':') > 1) return false;
  host = host.substr(0, host.find(':'));
  const std::string_view last = host.substr(host.rfind('.') + 1);
  if (last.empty() || last.find_first_not_of("0123456789") != std::string_view::npos) return false;
  in_addr address{};
  return inet_pton(AF_INET, std::string(host).c_str(), &address) != 1;
}

}  // namespace watchpost::net

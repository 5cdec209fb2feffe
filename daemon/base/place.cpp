#include "base/place.hpp"

#include <arpa/inet.h>

#include <array>

namespace watchpost {

Place place_of(std::string_view url) {
  const auto scheme = url.find("://");
  if (scheme != std::string_view::npos) url.remove_prefix(scheme + 3);
  Place place;
  const auto bracket = url.find(']');
  const auto colon = url.find(':', bracket == std::string_view::npos ? 0 : bracket);
  if (colon != std::string_view::npos) place.port = url.substr(colon + 1);
  place.host = url.substr(0, colon);
  if (bracket != std::string_view::npos) place.host = url.substr(1, bracket - 1);
  return place;
}

std::string with_address(std::string_view url, const std::string& address) {
  const auto scheme = url.find("://");
  std::string out(scheme == std::string_view::npos ? "" : url.substr(0, scheme + 3));
  out += address.find(':') == std::string::npos ? address : '[' + address + ']';
  const std::string port = place_of(url).port;
  if (!port.empty()) out += ':' + port;
  return out;
}

bool is_address(const std::string& host) {
  std::array<unsigned char, sizeof(in6_addr)> address{};
  return inet_pton(AF_INET, host.c_str(), address.data()) == 1 ||
         inet_pton(AF_INET6, host.c_str(), address.data()) == 1;
}

}  // namespace watchpost

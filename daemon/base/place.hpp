// Place: host and port of a url like mqtts://host:port. Promise: pure; what is no url at all
// becomes a host nobody has. Any thread.
#pragma once

#include <string>
#include <string_view>

namespace watchpost {

struct Place {
  std::string host;  // without the brackets of an IPv6 address
  std::string port;  // empty where the url has none
};

[[nodiscard]] Place place_of(std::string_view url);
// The url with its host replaced by an IPv4 or IPv6 address.
[[nodiscard]] std::string with_address(std::string_view url, const std::string& address);
// Whether `host` is an address already, so that there is no name to look up.
[[nodiscard]] bool is_address(const std::string& host);

}  // namespace watchpost

#include "net/http_url.hpp"

#include <fmt/format.h>

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include "net/broken_address.hpp"

namespace watchpost::net {
namespace {

constexpr std::uint16_t kHttpPort = 80;
constexpr std::uint16_t kHttpsPort = 443;

Failure no_url() {
  return Failure{Failure::Kind::invalid_input, "this is not the address of an HTTP service",
                 "Write it as http://host:port/path or https://host/path"};
}

}  // namespace

Result<HttpUrl> HttpUrl::parse(std::string_view text) {
  const auto parsed = boost::urls::parse_uri(text);
  if (parsed.has_error()) return no_url();
  const boost::urls::url_view& url = *parsed;
  const boost::urls::string_view scheme = url.scheme();
  if (scheme != "http" && scheme != "https") return no_url();
  if (url.has_userinfo() || url.host_address().empty() || url.has_fragment()) return no_url();
  if (has_broken_address(text)) return no_url();
  HttpUrl result;
  result.server.is_http = true;
  result.server.tls = scheme == "https";
  result.server.host = url.host_address();
  const std::uint16_t usual = result.server.tls ? kHttpsPort : kHttpPort;
  result.server.port = url.has_port() ? url.port_number() : usual;
  if (result.server.port == 0) return no_url();
  const boost::urls::string_view host = url.encoded_host();
  result.host = std::string(host.data(), host.size());
  if (result.server.port != usual) result.host += fmt::format(":{}", result.server.port);
  const boost::urls::string_view path = url.encoded_path();
  if (!path.empty()) result.target = std::string(path.data(), path.size());
  if (url.has_query()) {
    const boost::urls::string_view query = url.encoded_query();
    result.target += fmt::format("?{}", std::string_view(query.data(), query.size()));
  }
  return result;
}

}  // namespace watchpost::net

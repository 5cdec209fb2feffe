#include "net/web_socket_request.hpp"

#include <array>

#include "base/text.hpp"

namespace watchpost::net {
namespace {

// "mqttv3.1" is what programs from before MQTT 3.1.1 name.
constexpr std::array<std::string_view, 2> kOurs{"mqtt", "mqttv3.1"};

std::string_view agreed_among(std::string_view list) {
  while (!list.empty()) {
    const auto comma = list.find(',');
    const std::string_view name = trimmed(list.substr(0, comma));
    for (const std::string_view ours : kOurs) {
      if (name == ours) return ours;
    }
    list = comma == std::string_view::npos ? std::string_view() : list.substr(comma + 1);
  }
  return {};
}

// "office.local" of "office.local:9001", "[::1]" of "[::1]:9001".
std::string_view without_port(std::string_view host) {
  const auto colon = host.rfind(':');
  const bool is_in_brackets =
      host.find(']', colon == std::string_view::npos ? 0 : colon) != std::string_view::npos;
  return colon == std::string_view::npos || is_in_brackets ? host : host.substr(0, colon);
}

bool is_of_this_host(std::string_view origin, std::string_view host) {
  const auto scheme = origin.find("://");
  if (scheme == std::string_view::npos) return false;  // "null": a page without a host
  return without_port(origin.substr(scheme + 3)) == without_port(host);
}

}  // namespace

WebSocketVerdict judge(const WebSocketRequest& request, const WebSocketOptions& options) {
  if (!request.is_upgrade) return {HandshakeFault::no_websocket};
  if (request.target.substr(0, request.target.find('?')) != options.path) {
    return {HandshakeFault::other_path};
  }
  const bool is_foreign = !request.origin.empty() && !is_of_this_host(request.origin, request.host);
  if (options.same_host_only && is_foreign) return {HandshakeFault::foreign_page};
  const std::string_view agreed = agreed_among(request.subprotocols);
  if (agreed.empty()) return {HandshakeFault::other_subprotocol};
  return {HandshakeFault::none, agreed};
}

}  // namespace watchpost::net

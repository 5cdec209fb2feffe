#include "ingress/handshake_words.hpp"

#include <string>

namespace watchpost::ingress {
namespace {

template <TroubleCode code>
Trouble at_port(std::uint16_t port) {
  return trouble<code>(arg<"port">(std::to_string(port)));
}

}  // namespace

std::optional<Trouble> cause_of(net::HandshakeFault fault, std::uint16_t port) {
  using Fault = net::HandshakeFault;
  using Code = TroubleCode;
  switch (fault) {
    case Fault::none:
      return std::nullopt;
    case Fault::without_tls:
      return at_port<Code::client_without_tls>(port);
    case Fault::http_without_tls:
      return at_port<Code::client_http_without_tls>(port);
    case Fault::tls_version:
      return at_port<Code::client_tls_version>(port);
    case Fault::no_certificate:
      return at_port<Code::client_no_certificate>(port);
    case Fault::certificate_refused:
      return at_port<Code::client_certificate_refused>(port);
    case Fault::certificate_over:
      return at_port<Code::client_certificate_over>(port);
    case Fault::certificate_revoked:
      return at_port<Code::client_certificate_revoked>(port);
    case Fault::no_list:
      return at_port<Code::client_without_list>(port);
    case Fault::key_unknown:
      return at_port<Code::client_key_unknown>(port);
    case Fault::distrusts_us:
      return at_port<Code::client_distrusts_us>(port);
    case Fault::tls_to_websocket:
      return at_port<Code::client_tls_to_websocket>(port);
    case Fault::mqtt_to_websocket:
      return at_port<Code::client_without_websocket>(port);
    case Fault::no_websocket:
      return at_port<Code::client_no_websocket>(port);
    case Fault::other_path:
      return at_port<Code::client_websocket_path>(port);
    case Fault::other_subprotocol:
      return at_port<Code::client_websocket_protocol>(port);
    case Fault::foreign_page:
      return at_port<Code::client_foreign_page>(port);
    case Fault::text_frames:
      return at_port<Code::client_text_frames>(port);
    case Fault::broken_tls:
      return at_port<Code::client_broken_tls>(port);
  }
  return std::nullopt;
}

std::optional<Trouble> cause_of(protocol::Stranger stranger, std::uint16_t port) {
  switch (stranger) {
    case protocol::Stranger::unknown:
      return std::nullopt;
    case protocol::Stranger::tls:
      return at_port<TroubleCode::client_speaks_tls>(port);
    case protocol::Stranger::http:
      return at_port<TroubleCode::client_speaks_http>(port);
  }
  return std::nullopt;
}

}  // namespace watchpost::ingress

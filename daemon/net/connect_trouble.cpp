#include "net/connect_trouble.hpp"

#include <boost/asio/error.hpp>
#include <utility>

#include "model/trouble_catalogue.hpp"

namespace watchpost::net {
namespace {

namespace asio = boost::asio;
using Code = TroubleCode;
using Kind = ConnectTrouble::Kind;

ConnectTrouble unavailable(Kind kind, Trouble trouble) {
  return {kind, failure_of(Failure::Kind::unavailable, std::move(trouble))};
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
  return unavailable(Kind::silent,
                     trouble<Code::link_no_answer>(arg<"url">(url.text()), arg<"time">(waited)));
}

ConnectTrouble tcp_trouble(const Url& url, const Error& error) {
  const auto address = arg<"url">(url.text());
  const auto why = arg<"why">(error.message());
  if (error == asio::error::connection_refused) {
    return unavailable(Kind::refused, trouble<Code::link_port_closed>(
                                          address, arg<"port">(std::uint64_t{url.port}), why));
  }
  if (error == asio::error::network_unreachable || error == asio::error::host_unreachable ||
      error == asio::error::network_down) {
    return unavailable(Kind::unreachable, trouble<Code::link_no_way>(address, why));
  }
  if (error == asio::error::timed_out) {
    return unavailable(Kind::silent, trouble<Code::link_timed_out>(address, why));
  }
  return unavailable(Kind::other, trouble<Code::link_not_reached>(address, why));
}

ConnectTrouble handshake_trouble(const Url& url, const Error& error) {
  return unavailable(Kind::not_tls, trouble<Code::link_not_tls>(arg<"url">(url.text()),
                                                                arg<"why">(error.message())));
}

}  // namespace watchpost::net

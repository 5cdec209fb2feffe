#include "net/tls_stream.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/completion_condition.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/write.hpp>
#include <utility>

#include "net/tls_probe.hpp"

namespace watchpost::net {

namespace asio = boost::asio;
namespace ssl = boost::asio::ssl;

// MQTT and HTTP say themselves where a message ends, so an end without TLS's own close counts too.
bool is_end_of_stream(const Error& error) {
  return error == asio::error::eof || error == ssl::error::stream_truncated;
}

TlsStream::TlsStream(Socket socket, std::string peer, TlsContext context, Role role)
    : SocketStream(std::move(socket), std::move(peer)),
      context_(std::move(context)),
      role_(role),
      tls_(this->socket(), *context_) {}

void TlsStream::expect(const std::string& host) {
  expect_host(tls_.native_handle(), host);
}

void TlsStream::shake_hands(Done done) {
  const auto type = role_ == Role::client ? ssl::stream_base::client : ssl::stream_base::server;
  tls_.async_handshake(
      type, [tell = told(std::move(done))](const Error& error) mutable { tell(error, 0); });
}

void TlsStream::read_some(std::span<char> room, Done done) {
  tls_.async_read_some(asio::buffer(room.data(), room.size()), told(std::move(done)));
}

void TlsStream::write(std::span<const char> bytes, std::function<void()> progress, Done done) {
  auto condition = [progress = std::move(progress)](const Error& error, std::size_t count) {
    if (count > 0 && progress) progress();
    return asio::transfer_all()(error, count);
  };
  asio::async_write(tls_, asio::buffer(bytes.data(), bytes.size()), std::move(condition),
                    told(std::move(done)));
}

long TlsStream::verdict() {
  SSL* const tls = tls_.native_handle();
  const bool is_verified = SSL_get_verify_mode(tls) != SSL_VERIFY_NONE;
  return is_verified ? SSL_get_verify_result(tls) : X509_V_OK;
}

bool TlsStream::has_seen_certificate() {
  return SSL_get0_peer_certificate(tls_.native_handle()) != nullptr;
}

}  // namespace watchpost::net

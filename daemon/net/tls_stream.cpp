#include "net/tls_stream.hpp"

#include <sys/socket.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/completion_condition.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/write.hpp>
#include <optional>
#include <utility>

#include "net/certificate_facts.hpp"
#include "net/handshake_fault.hpp"
#include "net/shared_key_name.hpp"
#include "net/tls_probe.hpp"

namespace watchpost::net {

namespace asio = boost::asio;
namespace ssl = boost::asio::ssl;

namespace {

// The first byte that waits in the socket, which keeps it; nothing where there is none.
std::optional<char> first_byte_in(Socket& socket) {
  char byte = 0;
  const auto count = ::recv(socket.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return count == 1 ? std::optional(byte) : std::nullopt;
}

}  // namespace

// MQTT and HTTP say themselves where a message ends, so an end without TLS's own close counts too.
bool is_end_of_stream(const Error& error) {
  return error == asio::error::eof || error == ssl::error::stream_truncated;
}

TlsStream::TlsStream(Socket socket, std::string peer, TlsContext context, Role role)
    : SocketStream(std::move(socket), std::move(peer)),
      context_(std::move(context)),
      role_(role),
      tls_(this->socket(), *context_) {
  keep_shared_key_name(*tls_.native_handle(), shared_key_name_);
}

void TlsStream::expect(const std::string& host) {
  expect_host(tls_.native_handle(), host);
}

void TlsStream::shake_hands(Done done) {
  if (role_ == Role::client) return handshake_as_client(std::move(done));
  socket().async_wait(Socket::wait_read,
                      [self = kept(), done = std::move(done)](const Error& error) mutable {
                        if (error) return done(self->heard(error), 0);
                        self->greet(std::move(done));
                      });
}

void TlsStream::greet(Done done) {
  const auto first = first_byte_in(socket());
  const Speech speech = first ? speech_of(*first) : Speech::tls;
  if (speech == Speech::mqtt) return done(make_error_code(HandshakeFault::without_tls), 0);
  if (speech == Speech::http) return done(make_error_code(HandshakeFault::http_without_tls), 0);
  if (!turns_) return handshake_as_server(std::move(done));
  turns_->ask([self = kept(), done = std::move(done)]() mutable {
    self->handshake_as_server(std::move(done));
  });
}

void TlsStream::handshake_as_client(Done done) {
  tls_.async_handshake(
      ssl::stream_base::client,
      [tell = told(std::move(done))](const Error& error) mutable { tell(error, 0); });
}

void TlsStream::handshake_as_server(Done done) {
  tls_.async_handshake(ssl::stream_base::server,
                       [self = kept(), done = std::move(done)](const Error& error) mutable {
                         const Error why = server_handshake_error(error, self->verdict());
                         done(error ? self->heard(why) : error, 0);
                       });
}

std::shared_ptr<TlsStream> TlsStream::kept() {
  return std::static_pointer_cast<TlsStream>(shared_from_this());
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

std::string TlsStream::proven_name() {
  SSL* const tls = tls_.native_handle();
  // With a certificate of its own a server is asked for a key first, and goes on without one.
  if (role_ == Role::server && SSL_get0_peer_certificate(tls) == nullptr) {
    return shared_key_name_;
  }
  const X509* const shown = role_ == Role::server ? SSL_get0_peer_certificate(tls) : nullptr;
  const bool is_proven = shown != nullptr && SSL_get_verify_result(tls) == X509_V_OK &&
                         (SSL_get_verify_mode(tls) & SSL_VERIFY_PEER) != 0;
  return is_proven ? common_name_of(*shown) : std::string();
}

bool TlsStream::has_seen_certificate() {
  return SSL_get0_peer_certificate(tls_.native_handle()) != nullptr;
}

}  // namespace watchpost::net

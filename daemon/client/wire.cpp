#include "client/wire.hpp"

#include <fmt/format.h>

#include <boost/asio/completion_condition.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/write.hpp>
#include <utility>

#include "base/tls_probe.hpp"

namespace watchpost::client {
namespace {

namespace asio = boost::asio;
namespace ssl = boost::asio::ssl;
using boost::system::error_code;

Failure unusable(const std::string& file, const error_code& error) {
  return Failure{Failure::Kind::environment,
                 fmt::format("{} cannot be used: {}", file, error.message()),
                 "Name a PEM file that this user may read"};
}

Result<void> load_files(ssl::context& context, const TlsFiles& files) {
  error_code error;
  if (files.ca_file.empty()) {
    context.set_default_verify_paths(error);
    if (error) return unusable("The system's store of certificates", error);
  } else {
    context.load_verify_file(files.ca_file, error);
    if (error) return unusable(files.ca_file, error);
  }
  if (files.certificate.empty()) return {};
  context.use_certificate_chain_file(files.certificate, error);
  if (error) return unusable(files.certificate, error);
  context.use_private_key_file(files.private_key, ssl::context::pem, error);
  if (error) return unusable(files.private_key, error);
  return {};
}

}  // namespace

Result<void> Wire::use_tls(const TlsFiles& files, const std::string& host) {
  context_ = std::make_unique<ssl::context>(ssl::context::tls_client);
  context_->set_options(ssl::context::default_workarounds | ssl::context::no_tlsv1 |
                        ssl::context::no_tlsv1_1);
  if (auto loaded = load_files(*context_, files); !loaded) return loaded;
  stream_ = std::make_unique<ssl::stream<Socket&>>(socket_, *context_);
  stream_->set_verify_mode(files.verify_server ? ssl::verify_peer : ssl::verify_none);
  expect_host(stream_->native_handle(), host);
  return {};
}

void Wire::connect(const asio::ip::tcp::endpoint& endpoint, Answer answer) {
  socket_.async_connect(
      endpoint, [self = shared_from_this(), answer = std::move(answer)](error_code error) mutable {
        if (error) return answer(error, 0);
        self->socket_.set_option(asio::ip::tcp::no_delay(true), error);
        if (!self->stream_) return answer({}, 0);
        self->shake_hands(std::move(answer));
      });
}

void Wire::shake_hands(Answer answer) {
  is_shaking_hands_ = true;
  stream_->async_handshake(ssl::stream_base::client,
                           [self = shared_from_this(),
                            answer = std::move(answer)](error_code error) { answer(error, 0); });
}

void Wire::read_some(const asio::mutable_buffer& room, Answer answer) {
  auto done = [self = shared_from_this(), answer = std::move(answer)](
                  error_code error, std::size_t count) { answer(error, count); };
  if (stream_) return stream_->async_read_some(room, std::move(done));
  socket_.async_read_some(room, std::move(done));
}

void Wire::write(const asio::const_buffer& bytes, std::function<void()> progress, Answer answer) {
  auto done = [self = shared_from_this(), answer = std::move(answer)](
                  error_code error, std::size_t count) { answer(error, count); };
  auto condition = [progress = std::move(progress)](error_code error, std::size_t count) {
    if (count > 0) progress();
    return asio::transfer_all()(error, count);
  };
  if (stream_) return asio::async_write(*stream_, bytes, std::move(condition), std::move(done));
  asio::async_write(socket_, bytes, std::move(condition), std::move(done));
}

void Wire::finish() {
  error_code ignored;  // the other side may be gone already
  socket_.shutdown(Socket::shutdown_send, ignored);
}

void Wire::close() {
  error_code ignored;
  socket_.close(ignored);
}

Failure Wire::connect_trouble(const std::string& url, const error_code& error) const {
  if (stream_) {
    SSL* const tls = stream_->native_handle();
    const bool verified = SSL_get_verify_mode(tls) != SSL_VERIFY_NONE;
    const long verdict = SSL_get_verify_result(tls);
    if (verified && verdict != X509_V_OK) return certificate_trouble(url, verdict);
    if (SSL_get0_peer_certificate(tls) != nullptr) return ended_after_certificate(url);
  }
  if (!is_shaking_hands_) {
    return {
        Failure::Kind::unavailable, fmt::format("{} cannot be reached: {}", url, error.message()),
        "Check the network, the address and port, and that the broker runs; it is tried again by "
        "itself"};
  }
  return {Failure::Kind::unavailable,
          fmt::format("{} cannot be reached over TLS: {}", url, error.message()),
          "Check the network, the address and port, and that the server speaks TLS there; it is "
          "tried again by itself"};
}

}  // namespace watchpost::client

#include "cli/mqtt_wire.hpp"

#include <fmt/format.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/write.hpp>
#include <utility>

namespace watchpost::cli {
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

Result<std::shared_ptr<MqttWire>> MqttWire::make(asio::io_context& io,
                                                 const MqttClientOptions& options) {
  std::shared_ptr<MqttWire> wire(new MqttWire(io));
  if (!options.use_tls) return wire;
  if (auto begun = wire->begin_tls(options); !begun) return begun.error();
  return wire;
}

Result<void> MqttWire::begin_tls(const MqttClientOptions& options) {
  context_ = std::make_unique<ssl::context>(ssl::context::tls_client);
  context_->set_options(ssl::context::default_workarounds | ssl::context::no_tlsv1 |
                        ssl::context::no_tlsv1_1);
  if (auto loaded = load_files(*context_, options.tls); !loaded) return loaded;
  stream_ = std::make_unique<ssl::stream<Socket&>>(socket_, *context_);
  if (options.tls.verify_server) {
    stream_->set_verify_mode(ssl::verify_peer);
    stream_->set_verify_callback(ssl::host_name_verification(options.host));
  }
  // The name in clear, so that a server of several names shows the right certificate.
  // (What the macro SSL_set_tlsext_host_name does, without its C cast.)
  SSL_ctrl(stream_->native_handle(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
           const_cast<char*>(options.host.c_str()));
  return {};
}

void MqttWire::connect(const asio::ip::tcp::resolver::results_type& endpoints, Answer answer) {
  asio::async_connect(socket_, endpoints,
                      [self = shared_from_this(), answer = std::move(answer)](error_code error,
                                                                              const auto&) mutable {
                        if (error) return answer(error, 0);
                        self->socket_.set_option(asio::ip::tcp::no_delay(true), error);
                        if (!self->stream_) return answer({}, 0);
                        self->shake_hands(std::move(answer));
                      });
}

void MqttWire::shake_hands(Answer answer) {
  stream_->async_handshake(ssl::stream_base::client,
                           [self = shared_from_this(),
                            answer = std::move(answer)](error_code error) { answer(error, 0); });
}

void MqttWire::read_some(const asio::mutable_buffer& room, Answer answer) {
  auto done = [self = shared_from_this(), answer = std::move(answer)](
                  error_code error, std::size_t count) { answer(error, count); };
  if (stream_) return stream_->async_read_some(room, std::move(done));
  socket_.async_read_some(room, std::move(done));
}

void MqttWire::write(const asio::const_buffer& bytes, Answer answer) {
  auto done = [self = shared_from_this(), answer = std::move(answer)](
                  error_code error, std::size_t count) { answer(error, count); };
  if (stream_) return asio::async_write(*stream_, bytes, std::move(done));
  asio::async_write(socket_, bytes, std::move(done));
}

void MqttWire::close() {
  error_code ignored;
  socket_.close(ignored);
}

}  // namespace watchpost::cli

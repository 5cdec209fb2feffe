// MqttWire: the bytes of one connection of an MqttClient, over TCP or TLS.
// Promise: with TLS nothing is read or written before the server has shown a certificate of a known
// authority for the name that was asked for (unless verifying is switched off). Each call answers
// once, never from within; after close() with an error. Made anew for each connection; lives until
// its last answer. I/O thread only.
#pragma once

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <functional>
#include <memory>
#include <string>

#include "base/result.hpp"
#include "cli/mqtt_client_session.hpp"

namespace watchpost::cli {

class MqttWire : public std::enable_shared_from_this<MqttWire> {
 public:
  using Socket = boost::asio::ip::tcp::socket;
  using Answer = std::function<void(boost::system::error_code, std::size_t)>;

  // The Failure is a file of certificates that cannot be read.
  [[nodiscard]] static Result<std::shared_ptr<MqttWire>> make(boost::asio::io_context& io,
                                                              const MqttClientOptions& options);

  // TLS included.
  void connect(const boost::asio::ip::tcp::resolver::results_type& endpoints, Answer answer);
  void read_some(const boost::asio::mutable_buffer& room, Answer answer);
  // The bytes must live until the answer.
  void write(const boost::asio::const_buffer& bytes, Answer answer);
  void close();
  [[nodiscard]] bool is_open() const { return socket_.is_open(); }

 private:
  explicit MqttWire(boost::asio::io_context& io) : socket_(io) {}
  [[nodiscard]] Result<void> begin_tls(const MqttClientOptions& options);
  void shake_hands(Answer answer);

  Socket socket_;
  std::unique_ptr<boost::asio::ssl::context> context_;
  std::unique_ptr<boost::asio::ssl::stream<Socket&>> stream_;  // none: plain TCP
};

}  // namespace watchpost::cli

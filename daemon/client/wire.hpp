// Wire: the bytes of one connection of an MqttClient, over TCP or TLS.
// Promise: with TLS nothing is read or written before the server has shown a certificate of a known
// authority for the host that was asked for (unless verifying is switched off). Each call answers
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
#include "model/mqtt_link.hpp"

namespace watchpost::client {

class Wire : public std::enable_shared_from_this<Wire> {
 public:
  using Socket = boost::asio::ip::tcp::socket;
  using Answer = std::function<void(boost::system::error_code, std::size_t)>;

  explicit Wire(const boost::asio::any_io_executor& io) : socket_(io) {}

  // Before `connect`, for TLS. The Failure is a file of certificates that cannot be read.
  [[nodiscard]] Result<void> use_tls(const TlsFiles& files, const std::string& host);
  // TLS included.
  void connect(const boost::asio::ip::tcp::endpoint& endpoint, Answer answer);
  void read_some(const boost::asio::mutable_buffer& room, Answer answer);
  // The bytes must live until the answer. `progress` is called whenever some of them have left.
  void write(const boost::asio::const_buffer& bytes, std::function<void()> progress, Answer answer);
  // No more is written; reading goes on.
  void finish();
  void close();
  [[nodiscard]] bool is_open() const { return socket_.is_open(); }
  // Why connecting failed, in words for an operator.
  [[nodiscard]] Failure connect_trouble(const std::string& url,
                                        const boost::system::error_code& error) const;

 private:
  void shake_hands(Answer answer);

  Socket socket_;
  bool is_shaking_hands_ = false;
  std::unique_ptr<boost::asio::ssl::context> context_;
  std::unique_ptr<boost::asio::ssl::stream<Socket&>> stream_;  // none: plain TCP
};

}  // namespace watchpost::client

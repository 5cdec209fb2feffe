// WebSocketClient: the client's end of a WebSocket, as a Stream, for the contract of streams. The
// daemon itself has servers only.
#pragma once

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/beast/core/bind_handler.hpp>
#include <boost/beast/core/role.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <functional>
#include <memory>
#include <string>

#include "net/await.hpp"

namespace watchpost::net::testing {

// A type of its own, so that Beast finds the two functions below and not those of the daemon.
class ClientBytes : public AsioStream {
 public:
  using AsioStream::AsioStream;
};
template <class Waiter>
void async_teardown(boost::beast::role_type, ClientBytes& stream, Waiter&& waiter) {
  stream.stream().finish();
  boost::asio::post(stream.get_executor(),
                    boost::beast::bind_front_handler(std::forward<Waiter>(waiter), Error()));
}
inline void beast_close_socket(ClientBytes& stream) {
  stream.stream().close();
}

class WebSocketClient final : public Stream, public std::enable_shared_from_this<WebSocketClient> {
 public:
  WebSocketClient(const boost::asio::any_io_executor& io, std::shared_ptr<Stream> below)
      : below_(std::move(below)), socket_(io, below_) {
    socket_.binary(true);
    socket_.set_option(boost::beast::websocket::stream_base::decorator(
        [](boost::beast::websocket::request_type& request) {
          request.set(boost::beast::http::field::sec_websocket_protocol, "mqtt");
        }));
  }
  void shake_hands(Done done) override {
    socket_.async_handshake("gateway", "/mqtt",
                            [self = shared_from_this(), done = std::move(done)](
                                const Error& error) mutable { done(error, 0); });
  }
  void read_some(std::span<char> room, Done done) override {
    socket_.async_read_some(boost::asio::buffer(room.data(), room.size()),
                            [self = shared_from_this(), done = std::move(done)](
                                const Error& error, std::size_t count) mutable {
                              const bool is_end = error == boost::beast::websocket::error::closed;
                              done(is_end ? boost::asio::error::eof : error, count);
                            });
  }
  void write(std::span<const char> bytes, std::function<void()> progress, Done done) override {
    const auto some = bytes.first(std::min<std::size_t>(bytes.size(), 64 * 1024));
    const auto rest = bytes.subspan(some.size());
    socket_.async_write(boost::asio::buffer(some.data(), some.size()),
                        [self = shared_from_this(), rest, progress, done = std::move(done)](
                            const Error& error, std::size_t count) mutable {
                          if (error || rest.empty()) return done(error, count);
                          if (progress) progress();
                          self->write(rest, progress, std::move(done));
                        });
  }
  using Stream::write;
  void finish() override {
    socket_.async_close(boost::beast::websocket::close_code::normal,
                        [self = shared_from_this()](const Error&) {});
  }
  void close() override { below_->close(); }
  void set_deadline(SteadyTime at) override { below_->set_deadline(at); }
  [[nodiscard]] bool is_open() const override { return below_->is_open(); }
  [[nodiscard]] const std::string& peer() const override { return below_->peer(); }

 private:
  std::shared_ptr<Stream> below_;
  boost::beast::websocket::stream<ClientBytes, false> socket_;
};

}  // namespace watchpost::net::testing

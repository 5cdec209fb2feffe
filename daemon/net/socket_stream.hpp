// SocketStream: a Stream on a connected socket, without TLS. One class for TCP and Unix sockets.
// Used by net/ only.
#pragma once

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <string>

#include "net/stream.hpp"

namespace watchpost::net {

using Socket = boost::asio::generic::stream_protocol::socket;

// What every stream on a socket has; TlsStream puts TLS between the caller and the socket.
class SocketStream : public Stream, public std::enable_shared_from_this<SocketStream> {
 public:
  SocketStream(Socket socket, std::string peer);

  void shake_hands(Done done) override;
  void read_some(std::span<char> room, Done done) override;
  [[nodiscard]] bool can_await_bytes() const override { return true; }
  void await_bytes(Done done) override;
  void write(std::span<const char> bytes, std::function<void()> progress, Done done) override;
  using Stream::write;
  void finish() override;
  void close() override;
  void set_deadline(SteadyTime at) override;
  [[nodiscard]] bool is_open() const override { return socket_.is_open(); }
  [[nodiscard]] const std::string& peer() const override { return peer_; }

 protected:
  [[nodiscard]] Socket& socket() { return socket_; }
  // The error that `done` gets: after the deadline a timeout, whatever the socket says.
  [[nodiscard]] Error heard(const Error& error) const;
  // Wraps `done` so that the stream lives as long as the operation is under way.
  [[nodiscard]] auto told(Done done) {
    return [self = shared_from_this(), done = std::move(done)](
               const Error& error, std::size_t count) mutable { done(self->heard(error), count); };
  }

 private:
  Socket socket_;
  std::unique_ptr<boost::asio::steady_timer> timer_;  // made with the first deadline
  std::string peer_;
  bool is_late_ = false;
};

}  // namespace watchpost::net

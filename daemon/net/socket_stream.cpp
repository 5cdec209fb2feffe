#include "net/socket_stream.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/completion_condition.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <utility>

#include "base/invariant.hpp"

namespace watchpost::net {

namespace asio = boost::asio;

bool is_timeout(const Error& error) {
  return error == asio::error::timed_out;
}

bool is_aborted(const Error& error) {
  return error == asio::error::operation_aborted || error == asio::error::bad_descriptor;
}

void Stream::await_bytes(Done /*done*/) {
  WATCHPOST_INVARIANT(can_await_bytes());
}

SocketStream::SocketStream(Socket socket, std::string peer)
    : socket_(std::move(socket)), peer_(std::move(peer)) {}

Error SocketStream::heard(const Error& error) const {
  return error && is_late_ ? Error(asio::error::timed_out) : error;
}

void SocketStream::shake_hands(Done done) {
  auto tell = told(std::move(done));
  asio::post(socket_.get_executor(), [self = shared_from_this(), tell = std::move(tell)]() mutable {
    tell(self->socket_.is_open() ? Error() : Error(asio::error::operation_aborted), 0);
  });
}

void SocketStream::read_some(std::span<char> room, Done done) {
  socket_.async_read_some(asio::buffer(room.data(), room.size()), told(std::move(done)));
}

void SocketStream::await_bytes(Done done) {
  socket_.async_wait(Socket::wait_read, [tell = told(std::move(done))](const Error& error) mutable {
    tell(error, 0);
  });
}

void SocketStream::write(std::span<const char> bytes, std::function<void()> progress, Done done) {
  const auto buffer = asio::buffer(bytes.data(), bytes.size());
  if (!progress) return asio::async_write(socket_, buffer, told(std::move(done)));
  auto condition = [progress = std::move(progress)](const Error& error, std::size_t count) {
    if (count > 0) progress();
    return asio::transfer_all()(error, count);
  };
  asio::async_write(socket_, buffer, std::move(condition), told(std::move(done)));
}

void SocketStream::finish() {
  Error ignored;  // the other side may be gone already
  socket_.shutdown(Socket::shutdown_send, ignored);
}

void SocketStream::close() {
  if (timer_) timer_->cancel();
  Error ignored;  // closed is closed
  socket_.close(ignored);
}

void SocketStream::set_deadline(SteadyTime at) {
  if (timer_) timer_->cancel();
  if (at == SteadyTime::max() || !is_open()) return;
  if (!timer_) timer_ = std::make_unique<asio::steady_timer>(socket_.get_executor());
  timer_->expires_at(at);
  timer_->async_wait([weak = weak_from_this()](const Error& error) {
    const auto self = weak.lock();
    if (error || !self || !self->is_open()) return;
    self->is_late_ = true;
    self->close();
  });
}

}  // namespace watchpost::net

#include "ingress/accepting.hpp"

#include <utility>

#include "base/spawn.hpp"
#include "net/await.hpp"

namespace watchpost::ingress {
namespace {

namespace asio = boost::asio;

using Timer = asio::steady_timer;

// Comes back early where the timer is cancelled.
asio::awaitable<void> wait_for(Timer& timer, std::chrono::milliseconds time) {
  timer.expires_after(time);
  co_await timer.async_wait(net::kAwait);
}

}  // namespace

Accepting::Accepting(asio::any_io_executor io, Log& log, std::string whom)
    : io_(std::move(io)), log_(log), whom_(std::move(whom)), ticker_(io_) {}

Result<Accepting::Opened> Accepting::open(const net::TcpPlace& place) {
  auto acceptor = net::Acceptor::at(io_, place);
  if (!acceptor) {
    acceptors_.clear();
    return acceptor.error();
  }
  acceptors_.push_back(std::move(*acceptor));
  return Opened{acceptors_.back().port(), acceptors_.back().is_loopback()};
}

void Accepting::start(Work work) {
  work_ = std::move(work);
  for (std::size_t i = 0; i < acceptors_.size(); ++i) {
    spawn(io_, accept(shared_from_this(), i), log_, "accepting " + whom_);
  }
  spawn(io_, tick(shared_from_this()), log_, "watching timeouts of " + whom_);
}

asio::awaitable<void> Accepting::accept(std::shared_ptr<Accepting> self, std::size_t address) {
  Timer pause(self->io_);
  bool failing = false;
  while (self->acceptors_[address].is_open()) {
    auto [error, stream] = co_await net::accept(self->acceptors_[address]);
    if (!error) {
      failing = false;
      if (!self->has_ended_) self->work_.admit(address, std::move(stream));
      continue;
    }
    if (!self->acceptors_[address].is_open()) break;
    if (!std::exchange(failing, true)) {
      self->log_.warning(
          "cannot accept {}: {}. Trying again every second; if it stays, raise the limit of open "
          "files (LimitNOFILE) of the service",
          self->whom_, error.message());
    }
    co_await wait_for(pause, std::chrono::seconds(1));
  }
}

asio::awaitable<void> Accepting::tick(std::shared_ptr<Accepting> self) {
  while (!self->has_ended_) {
    co_await wait_for(self->ticker_, self->work_.between_ticks);
    if (!self->has_ended_) self->work_.tick();
  }
}

void Accepting::close() {
  for (net::Acceptor& acceptor : acceptors_) acceptor.close();
}

void Accepting::end() {
  has_ended_ = true;
  close();
  ticker_.cancel();
}

asio::awaitable<void> Accepting::wait_until(asio::any_io_executor io, std::function<bool()> is_so,
                                            std::chrono::steady_clock::time_point over) {
  Timer look(io);
  while (!is_so() && std::chrono::steady_clock::now() < over) {
    co_await wait_for(look, std::chrono::milliseconds(10));
  }
}

}  // namespace watchpost::ingress

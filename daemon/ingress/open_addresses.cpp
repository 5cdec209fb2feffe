#include "ingress/open_addresses.hpp"

#include <utility>

#include "base/spawn.hpp"
#include "model/trouble_catalogue.hpp"
#include "net/await.hpp"
#include "net/waits.hpp"

namespace watchpost::ingress {
namespace {

namespace asio = boost::asio;

using Timer = asio::steady_timer;

}  // namespace

OpenAddresses::OpenAddresses(asio::any_io_executor io, Log& log, std::string whom)
    : io_(std::move(io)), log_(log), whom_(std::move(whom)), ticker_(io_) {}

Result<OpenAddresses::Bound> OpenAddresses::open(const net::TcpPlace& place,
                                                 net::SpokenLayers layers) {
  auto acceptor = net::Acceptor::at(io_, place, std::move(layers));
  if (!acceptor) {
    acceptors_.clear();
    return acceptor.error();
  }
  acceptors_.push_back(std::move(*acceptor));
  return Bound{acceptors_.back().port(), acceptors_.back().is_loopback()};
}

void OpenAddresses::start(Work work) {
  work_ = std::move(work);
  for (std::size_t i = 0; i < acceptors_.size(); ++i) {
    spawn(io_, accept(shared_from_this(), i), log_, "accepting " + whom_);
  }
  spawn(io_, tick(shared_from_this()), log_, "watching timeouts of " + whom_);
}

asio::awaitable<void> OpenAddresses::accept(std::shared_ptr<OpenAddresses> self,
                                            std::size_t address) {
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
      const auto port = self->acceptors_[address].port();
      tell(self->log_, trouble<TroubleCode::port_takes_nothing>(arg<"port">(std::to_string(port))));
      self->log_.info("port {}: {}", port, error.message());
    }
    co_await net::wait_for(pause, std::chrono::seconds(1));
  }
}

asio::awaitable<void> OpenAddresses::tick(std::shared_ptr<OpenAddresses> self) {
  while (!self->has_ended_) {
    co_await net::wait_for(self->ticker_, self->work_.between_ticks);
    if (!self->has_ended_) self->work_.tick();
  }
}

void OpenAddresses::close() {
  for (net::Acceptor& acceptor : acceptors_) acceptor.close();
}

void OpenAddresses::end() {
  has_ended_ = true;
  close();
  ticker_.cancel();
}

}  // namespace watchpost::ingress

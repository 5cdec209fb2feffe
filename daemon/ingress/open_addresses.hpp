// OpenAddresses: the addresses that a listener, whatever its protocol, has open: what comes in at
// them, and the tick by which the listener looks at its deadlines. Promise: where a stream cannot
// be taken in, the log says so once, and it is tried again every second. The listener's functions
// are called until `end`, never after it. Its coroutines keep it alive. I/O thread only.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/log.hpp"
#include "base/result.hpp"
#include "net/acceptor.hpp"

namespace watchpost::ingress {

class OpenAddresses : public std::enable_shared_from_this<OpenAddresses> {
 public:
  struct Work {
    std::function<void(std::size_t address, std::shared_ptr<net::Stream>)> admit;
    std::function<void()> tick;
    std::chrono::milliseconds between_ticks;
  };
  // What an address turned out to be when it was opened.
  struct Bound {
    std::uint16_t port = 0;
    bool is_loopback = false;
  };

  // `whom`, for the log: "clients".
  OpenAddresses(boost::asio::any_io_executor io, Log& log, std::string whom);

  // One address more; they are numbered from 0. A failure closes those opened before.
  [[nodiscard]] Result<Bound> open(const net::TcpPlace& place, net::SpokenLayers layers = {});
  void start(Work work);
  // Takes nothing in any more; the ticks go on.
  void close();
  void end();

 private:
  static boost::asio::awaitable<void> accept(std::shared_ptr<OpenAddresses> self,
                                             std::size_t address);
  static boost::asio::awaitable<void> tick(std::shared_ptr<OpenAddresses> self);

  boost::asio::any_io_executor io_;
  Log& log_;
  std::string whom_;
  Work work_;
  std::vector<net::Acceptor> acceptors_;
  boost::asio::steady_timer ticker_;
  bool has_ended_ = false;
};

}  // namespace watchpost::ingress

// Wire: a connection's stream, and the timers by which its two coroutines are woken.
// Promise: a timer never expires; cancelling one wakes the coroutine that waits for it. Gone once
// both coroutines have ended; unsettled tickets may keep the rest of the connection. I/O thread
// only.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <utility>

#include "base/clock.hpp"
#include "net/stream.hpp"

namespace watchpost::ingress {

struct Wire {
  Wire(std::shared_ptr<net::Stream> s, const boost::asio::any_io_executor& io)
      : stream(std::move(s)), readable(io, SteadyTime::max()), writable(io, SteadyTime::max()) {}
  // Both coroutines look again.
  void wake() {
    readable.cancel();
    writable.cancel();
  }

  std::shared_ptr<net::Stream> stream;
  boost::asio::steady_timer readable;
  boost::asio::steady_timer writable;
};

}  // namespace watchpost::ingress

// SocketTimers: a connection's stream, and the timers by which its two coroutines are woken.
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

struct SocketTimers {
  SocketTimers(std::shared_ptr<net::Stream> s, const boost::asio::any_io_executor& io)
      : stream(std::move(s)),
        reading_resumes(io, SteadyTime::max()),
        has_output(io, SteadyTime::max()) {}
  // Both coroutines look again.
  void wake() {
    reading_resumes.cancel();
    has_output.cancel();
  }

  std::shared_ptr<net::Stream> stream;
  boost::asio::steady_timer reading_resumes;
  boost::asio::steady_timer has_output;
};

}  // namespace watchpost::ingress

// waits: how a coroutine lets time pass.
// Promise: no error comes out; both end at the latest when their time is over. I/O thread only.
// Includes Asio: only for .cpp files.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>

#include "base/clock.hpp"

namespace watchpost::net {

// Comes back early where the timer is cancelled.
boost::asio::awaitable<void> wait_for(boost::asio::steady_timer& timer, SteadyDuration time);
// Looks every 10 ms until it is so or it is `over`.
boost::asio::awaitable<void> wait_until(boost::asio::any_io_executor io,
                                        std::function<bool()> is_so, SteadyTime over);

}  // namespace watchpost::net

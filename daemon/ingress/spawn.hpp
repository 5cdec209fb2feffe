// spawn: the one way to start a coroutine.
// Promise: what escapes from it is logged as an error; nothing is lost in a detached frame.
// I/O thread. `log` outlives the coroutine; `name` is a literal.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <string_view>

#include "base/log.hpp"

namespace watchpost::ingress {

void spawn(const boost::asio::any_io_executor& executor, boost::asio::awaitable<void> coroutine,
           Log& log, std::string_view name);

}  // namespace watchpost::ingress

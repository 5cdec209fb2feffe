// spawn: the one place where a coroutine is started.
// Promise: what escapes a coroutine is logged with its name and ends that coroutine only; an
// operation that was cancelled because its owner stopped is no news. The coroutine must own all it
// uses (take values: tests/tidy/rules_coroutines.py says why). I/O thread only. Includes Asio: only
// for .cpp files of layers that use it.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>
#include <exception>
#include <string>
#include <utility>

#include "base/log.hpp"

namespace watchpost {

inline void log_escaped(Log& log, const std::string& name, const std::exception_ptr& escaped) {
  if (!escaped) return;
  try {
    std::rethrow_exception(escaped);
  } catch (const boost::system::system_error& error) {
    if (error.code() == boost::asio::error::operation_aborted) return;
    log.error("{} ended: {}. This is a bug in Watchpost: please report this line", name,
              error.what());
  } catch (const std::exception& error) {
    log.error("{} ended: {}. This is a bug in Watchpost: please report this line", name,
              error.what());
  }
}

inline void spawn(const boost::asio::any_io_executor& executor,
                  boost::asio::awaitable<void> coroutine, Log& log, std::string name) {
  boost::asio::co_spawn(executor, std::move(coroutine),
                        [&log, name = std::move(name)](const std::exception_ptr& escaped) {
                          log_escaped(log, name, escaped);
                        });
}

}  // namespace watchpost

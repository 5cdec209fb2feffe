#include "ingress/spawn.hpp"

#include <boost/asio/co_spawn.hpp>
#include <exception>
#include <utility>

namespace watchpost::ingress {

void spawn(const boost::asio::any_io_executor& executor, boost::asio::awaitable<void> coroutine,
           Log& log, std::string_view name) {
  const auto ended = [&log, name](const std::exception_ptr& escaped) {
    if (!escaped) return;
    try {
      std::rethrow_exception(escaped);
    } catch (const std::exception& error) {
      log.error("{} ended by an error that nobody expected: {}. Please report this line", name,
                error.what());
    }
  };
  boost::asio::co_spawn(executor, std::move(coroutine), ended);
}

}  // namespace watchpost::ingress

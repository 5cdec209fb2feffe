#include "net/waits.hpp"

#include "net/await.hpp"

namespace watchpost::net {

namespace asio = boost::asio;

asio::awaitable<void> wait_for(asio::steady_timer& timer, SteadyDuration time) {
  timer.expires_after(time);
  co_await timer.async_wait(kAwait);
}

asio::awaitable<void> wait_until(asio::any_io_executor io, std::function<bool()> is_so,
                                 SteadyTime over) {
  asio::steady_timer look(io);
  while (!is_so() && std::chrono::steady_clock::now() < over) {
    co_await wait_for(look, std::chrono::milliseconds(10));
  }
}

}  // namespace watchpost::net

#include "console/http_server.hpp"

#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <utility>

#include "base/spawn.hpp"
#include "net/await.hpp"

namespace watchpost::console {
namespace {

namespace asio = boost::asio;

using net::kAwait;
constexpr std::chrono::milliseconds kAcceptRetry{100};

Found busy(std::string sentence) {
  Found found;
  found.status = 503;
  found.sentence = std::move(sentence);
  return found;
}

}  // namespace

HttpServer::HttpServer(asio::io_context& io, Log& log, std::vector<Route> routes)
    : io_(io), log_(log), routes_(std::move(routes)) {}

Result<void> HttpServer::listen(const std::filesystem::path& path) {
  auto acceptor = net::Acceptor::at(
      io_.get_executor(),
      net::SocketFile{
          path,
          "Name a place where no file is and where this user may create one in local.socket"});
  path_ = acceptor ? path : std::filesystem::path{};
  return take(std::move(acceptor));
}

Result<void> HttpServer::listen(const net::TcpPlace& place) {
  return take(net::Acceptor::at(io_.get_executor(), place));
}

Result<void> HttpServer::take(Result<net::Acceptor> acceptor) {
  if (!acceptor) return acceptor.error();
  acceptor_ = std::move(*acceptor);
  spawn(io_.get_executor(), accept(shared_from_this()), log_, "local API");
  return {};
}

void HttpServer::stop() {
  if (std::exchange(stopped_, true)) return;
  if (acceptor_) acceptor_->close();
  for (const auto& client : clients_) client->close();
  std::error_code gone;
  if (!path_.empty()) std::filesystem::remove(path_, gone);
}

void HttpServer::wake_all() {
  for (const auto& client : clients_) client->wake();
}

asio::awaitable<void> HttpServer::accept(std::shared_ptr<HttpServer> self) {
  while (!self->stopped_) {
    auto [error, stream] = co_await net::accept(*self->acceptor_);
    if (self->stopped_) co_return;
    if (error) {
      // The process may be out of descriptors; after a pause one may be free again.
      asio::steady_timer pause(self->io_, kAcceptRetry);
      co_await pause.async_wait(kAwait);
      continue;
    }
    if (self->clients_.size() >= kMostClients) continue;  // the stream closes here
    auto client =
        std::make_shared<Exchange>(self->io_.get_executor(), std::move(stream), self->waits_);
    self->clients_.push_back(client);
    spawn(self->io_.get_executor(), serve(self, client), self->log_, "local API client");
  }
}

std::size_t HttpServer::at_it(const Route& route) const {
  return static_cast<std::size_t>(
      std::count_if(clients_.begin(), clients_.end(), [&route](const auto& client) {
        return client->route != nullptr && client->route->bound == route.bound;
      }));
}

Found HttpServer::place_for(const Exchange& client) const {
  const auto method = client.request().method_string();
  Found found =
      find_route(routes_, {.method = {method.data(), method.size()}, .target = client.target()});
  if (found.route == nullptr) return found;
  switch (found.route->bound) {
    case Bound::none:
      return found;
    case Bound::followers:
      if (at_it(*found.route) < kMostFollowers) return found;
      return busy("too many clients follow events: end one of them");
    case Bound::writers:
      if (at_it(*found.route) < kMostWriters) return found;
      return busy("too many commands wait for the disk: try again in some seconds");
    case Bound::one:
      if (at_it(*found.route) == 0) return found;
      return busy("another one is at work: wait for its end");
  }
  return found;
}

asio::awaitable<void> HttpServer::serve(std::shared_ptr<HttpServer> self,
                                        std::shared_ptr<Exchange> client) {
  const bool asked = co_await Exchange::read_request(client);
  if (asked) {
    Found found = self->place_for(*client);
    client->route = found.route;
    if (found.route == nullptr) {
      co_await Exchange::refuse(client, std::move(found));
    } else {
      co_await found.route->answer(client);
    }
  }
  std::erase(self->clients_, client);
}

}  // namespace watchpost::console

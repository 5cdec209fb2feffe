// HttpServer: HTTP over a Unix socket, or a port: accepts clients, finds the route of each request,
// keeps the bounds. Promise: at most kMostClients at a time; at most kMostFollowers of them may
// have a stream and kMostWriters may wait for the disk, so that the other answers are always
// available; one request for each connection. Who may connect to a socket is decided by the
// permissions of its file (0660). I/O thread only. Includes Asio: only for .cpp files of console/.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "base/log.hpp"
#include "base/result.hpp"
#include "console/exchange.hpp"
#include "console/routes.hpp"
#include "net/acceptor.hpp"

namespace watchpost::console {

class HttpServer : public std::enable_shared_from_this<HttpServer> {
 public:
  static constexpr std::size_t kMostClients = 32;
  static constexpr std::size_t kMostFollowers = 24;
  static constexpr std::size_t kMostWriters = 5;

  HttpServer(boost::asio::io_context& io, Log& log, std::vector<Route> routes);

  // Called before listen().
  void limit_waits(const Exchange::Waits& waits) { waits_ = waits; }
  [[nodiscard]] Result<void> listen(const std::filesystem::path& path);
  // Where whoever reaches the port may ask.
  [[nodiscard]] Result<void> listen(const net::TcpPlace& place);
  void stop();
  // Something was committed: every stream looks for new records.
  void wake_all();

 private:
  using Clients = std::vector<std::shared_ptr<Exchange>>;

  [[nodiscard]] Result<void> take(Result<net::Acceptor> acceptor);
  static boost::asio::awaitable<void> accept(std::shared_ptr<HttpServer> self);
  static boost::asio::awaitable<void> serve(std::shared_ptr<HttpServer> self,
                                            std::shared_ptr<Exchange> client);
  [[nodiscard]] Found place_for(const Exchange& client) const;
  [[nodiscard]] std::size_t at_it(const Route& route) const;

  boost::asio::io_context& io_;
  Log& log_;
  std::vector<Route> routes_;
  Exchange::Waits waits_;
  std::optional<net::Acceptor> acceptor_;  // none before listen()
  std::filesystem::path path_;
  Clients clients_;
  bool stopped_ = false;
};

}  // namespace watchpost::console

// MetricsPort: the numbers of the daemon on a TCP port of their own, for Prometheus: GET /metrics.
// Promise: HttpServer's bounds; nothing else is answered there, and nothing is changed by asking.
// I/O thread only.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/log.hpp"
#include "base/result.hpp"
#include "net/acceptor.hpp"

namespace boost::asio {
class io_context;
}

namespace watchpost::console {

class HttpServer;

class MetricsPort {
 public:
  // `text` makes the answer; it and `log` outlive the port.
  MetricsPort(boost::asio::io_context& io, Log& log, std::function<std::string()> text);
  ~MetricsPort();
  MetricsPort(const MetricsPort&) = delete;
  MetricsPort& operator=(const MetricsPort&) = delete;

  // Port 0: nobody can ask.
  [[nodiscard]] Result<void> listen(const net::TcpPlace& place);
  void stop();

 private:
  std::shared_ptr<HttpServer> server_;
};

}  // namespace watchpost::console

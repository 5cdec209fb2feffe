// DenyingBroker: lets one client in, of either version of the protocol, and refuses what it
// subscribes to. On a free loopback port, with a thread of its own that ends with it.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <string>
#include <thread>

namespace watchpost::test {

class DenyingBroker {
 public:
  DenyingBroker();
  ~DenyingBroker();
  DenyingBroker(const DenyingBroker&) = delete;
  DenyingBroker& operator=(const DenyingBroker&) = delete;
  [[nodiscard]] std::string url() const;

 private:
  void serve();

  boost::asio::io_context io_;
  boost::asio::ip::tcp::acceptor acceptor_;
  boost::asio::ip::tcp::socket client_{io_};
  std::thread thread_;
};

}  // namespace watchpost::test

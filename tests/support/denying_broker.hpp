// DenyingBroker: accepts one client of either version of the protocol and refuses it the topics
// that end in "rcpt"; the others it grants. Listens on a free loopback port, on a thread that ends
// with the DenyingBroker.
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

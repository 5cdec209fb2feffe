// ServerCertificates: what a listening socket shows to its clients over TLS.
// Promise: files that do not fit together are refused with the file's name and what to do, before
// anything changes. After `reload` new connections are shown the new certificate; those that stand
// go on. TLS 1.2 and later. I/O thread only.
#pragma once

#include <memory>
#include <string>

#include "base/result.hpp"

namespace boost::asio::ssl {
class context;
}

namespace watchpost::net {

struct ServerFiles {
  std::string certificate;  // PEM, with the chain behind it
  std::string private_key;  // PEM
  std::string client_ca;    // PEM, who signs the clients' certificates; empty: clients need none
};

class ServerCertificates {
 public:
  [[nodiscard]] static Result<std::shared_ptr<ServerCertificates>> load(const ServerFiles& files);

  // Reads the same files again. After a Failure clients are still shown the old certificate.
  [[nodiscard]] Result<void> reload();
  // The settings for the next connection, which keeps them.
  [[nodiscard]] std::shared_ptr<boost::asio::ssl::context> context() const { return context_; }

 private:
  ServerFiles files_;
  std::shared_ptr<boost::asio::ssl::context> context_;
};

}  // namespace watchpost::net

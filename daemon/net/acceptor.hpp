// Acceptor: a listening socket of TCP or of a path (Unix), whose streams speak TLS and WebSocket
// where it is told to.
// Promise: every failure of opening one names the address, the reason and what to change. `accept`
// answers exactly once, never from inside the call; after `close` with an error. A TLS stream is
// given out before its handshake, so a slow client keeps no other waiting. A stream is not read
// before its owner asks. I/O thread only.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "net/certificates.hpp"
#include "net/stream.hpp"
#include "net/web_socket_request.hpp"

namespace watchpost::net {

struct TcpPlace {
  std::string address;  // IPv4 or IPv6, without brackets
  std::uint16_t port = 0;
  // Where remedies send the operator: "this [[listener]]".
  std::string section;
  // The remedy where another program holds the port; empty: the remedy of the other failures.
  std::string where_taken{};
};

// What stands between the bytes of a client and its socket.
struct SpokenLayers {
  std::shared_ptr<ServerCertificates> tls{};     // null: no TLS
  std::optional<WebSocketOptions> web_socket{};  // nothing: no WebSocket
};

struct SocketFile {
  std::filesystem::path path;
  std::string remedy;  // what to do where the file cannot be made
};

class Acceptor {
 public:
  using Executor = boost::asio::any_io_executor;
  using Taken = Once<Error, std::shared_ptr<Stream>>;

  // Port 0: any free one.
  [[nodiscard]] static Result<Acceptor> at(const Executor& io, const TcpPlace& place,
                                           SpokenLayers layers = {});
  // Replaces a socket file that is there already, and no other file. Its permissions are 0660.
  [[nodiscard]] static Result<Acceptor> at(const Executor& io, const SocketFile& file);

  Acceptor(Acceptor&&) noexcept;
  Acceptor& operator=(Acceptor&&) noexcept;
  ~Acceptor();  // as close()

  void accept(Taken taken);
  void close();
  [[nodiscard]] bool is_open() const;
  [[nodiscard]] std::uint16_t port() const;  // 0 of a path
  [[nodiscard]] bool is_loopback() const;    // true: nobody from outside can reach it

  class Socket;

 private:
  explicit Acceptor(std::shared_ptr<Socket> socket);

  std::shared_ptr<Socket> socket_;
};

}  // namespace watchpost::net

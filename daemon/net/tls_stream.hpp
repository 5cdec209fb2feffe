// TlsStream: a Stream over TLS, in either role. Used by net/ only.
#pragma once

#include <boost/asio/ssl/stream.hpp>
#include <string>

#include "net/socket_stream.hpp"
#include "net/tls_context.hpp"

namespace watchpost::net {

class TlsStream final : public SocketStream {
 public:
  enum class Role : std::uint8_t { client, server };

  TlsStream(Socket socket, std::string peer, TlsContext context, Role role);

  // Sets whom the server's certificate must name. Called by a client before the handshake.
  void expect(const std::string& host);
  void shake_hands(Done done) override;
  void read_some(std::span<char> room, Done done) override;
  void write(std::span<const char> bytes, std::function<void()> progress, Done done) override;

  // Why the handshake failed: X509_V_OK where the other side's certificate is not the reason.
  [[nodiscard]] long verdict();
  [[nodiscard]] bool has_seen_certificate();

 private:
  TlsContext context_;
  Role role_;
  boost::asio::ssl::stream<Socket&> tls_;
};

}  // namespace watchpost::net

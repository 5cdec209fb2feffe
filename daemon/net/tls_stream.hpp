// TlsStream: a Stream over TLS, in either role. Used by net/ only.
#pragma once

#include <boost/asio/ssl/stream.hpp>
#include <memory>
#include <string>

#include "net/socket_stream.hpp"
#include "net/tls_context.hpp"
#include "net/turns.hpp"

namespace watchpost::net {

class TlsStream final : public SocketStream {
 public:
  enum class Role : std::uint8_t { client, server };

  TlsStream(Socket socket, std::string peer, TlsContext context, Role role);

  // Sets whom the server's certificate must name. Called by a client before the handshake.
  void expect(const std::string& host);
  // Makes the handshakes of several servers' streams one after the other. Called before the
  // handshake.
  void take_turns(std::shared_ptr<Turns> turns) { turns_ = std::move(turns); }
  void shake_hands(Done done) override;
  void read_some(std::span<char> room, Done done) override;
  [[nodiscard]] bool can_await_bytes() const override { return false; }
  void write(std::span<const char> bytes, std::function<void()> progress, Done done) override;
  [[nodiscard]] std::string proven_name() override;

  // Why the handshake failed: X509_V_OK where the other side's certificate is not the reason.
  [[nodiscard]] long verdict();
  [[nodiscard]] bool has_seen_certificate();

 private:
  void handshake_as_client(Done done);
  void handshake_as_server(Done done);
  // A client has sent its first byte: goes on with the handshake if that can be TLS.
  void greet(Done done);
  [[nodiscard]] std::shared_ptr<TlsStream> kept();

  TlsContext context_;
  Role role_;
  std::shared_ptr<Turns> turns_;
  std::string shared_key_name_;  // of the key that was asked for last
  boost::asio::ssl::stream<Socket&> tls_;
};

}  // namespace watchpost::net

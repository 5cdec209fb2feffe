// Why a stream to a server did not come about: each cause has its kind, and says what to do.
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

#include "net/tls_probe.hpp"
#include "net_stage.hpp"

namespace watchpost::net {
namespace {

using boost::asio::ip::tcp;
using Kind = ConnectTrouble::Kind;

// The trouble that a connect to `to` reports.
ConnectTrouble trouble_at(NetStage& stage, const Destination& to,
                          std::chrono::milliseconds within = 10s) {
  Connector connector(stage.io.get_executor(), to);
  ConnectTrouble heard;
  bool done = false;
  connector.connect(in(within), [&](const std::shared_ptr<Stream>& made, ConnectTrouble trouble) {
    REQUIRE(made == nullptr);
    heard = std::move(trouble);
    done = true;
  });
  CHECK_FALSE(done);  // the answer never comes inside the call
  REQUIRE(stage.run_until([&] { return done; }));
  CHECK_FALSE(heard.failure.remedy.empty());
  return heard;
}

Destination at(std::uint16_t port, bool tls = false) {
  Destination to;
  to.url = {"127.0.0.1", port, tls};
  return to;
}

// A port of this machine on which nobody listens.
std::uint16_t closed_port(NetStage& stage) {
  tcp::acceptor acceptor(stage.io, {boost::asio::ip::make_address("127.0.0.1"), 0});
  return acceptor.local_endpoint().port();
}

// A server that speaks TLS to every client.
struct TlsServer {
  TlsServer(NetStage& stage, const ServerFiles& files)
      : acceptor(Acceptor::at(stage.io.get_executor(), TcpPlace{"127.0.0.1", 0, "x"},
                              {ServerCertificates::load(files).value()})
                     .value()) {
    next();
  }
  void next() {
    acceptor.accept([this](const Error& error, std::shared_ptr<Stream> made) {
      if (error) return;
      stream = std::move(made);
      stream->shake_hands([this](const Error& failed, std::size_t) {
        if (failed) stream->close();
      });
      next();
    });
  }
  Acceptor acceptor;
  std::shared_ptr<Stream> stream;
};

}  // namespace

TEST_CASE("a port that nobody listens on, a name that nobody has and a bad file are told apart",
          "[net][unit]") {
  NetStage stage;
  const auto refused = trouble_at(stage, at(closed_port(stage)));
  CHECK(refused.kind == Kind::refused);
  CHECK(refused.failure.remedy.find("port") != std::string::npos);

  Destination nobody = at(1883);
  nobody.url.host = "nobody.invalid";
  const auto name = trouble_at(stage, nobody, 30s);
  CHECK(name.kind == Kind::name);
  CHECK(name.failure.what.find("nobody.invalid") != std::string::npos);

  tcp::acceptor listening(stage.io, {boost::asio::ip::make_address("127.0.0.1"), 0});
  Destination badly = at(listening.local_endpoint().port(), true);
  badly.tls.ca_file = (stage.folder.path() / "missing.pem").string();
  const auto files = trouble_at(stage, badly);
  CHECK(files.kind == Kind::files);
  CHECK(files.failure.what.find("missing.pem") != std::string::npos);
}

TEST_CASE("a server that is silent is given up at the deadline", "[net][unit]") {
  NetStage stage;
  // This server accepts the connection, as the kernel does, but never answers the handshake.
  tcp::acceptor silent(stage.io, {boost::asio::ip::make_address("127.0.0.1"), 0});
  const auto begun = std::chrono::steady_clock::now();
  const auto trouble = trouble_at(stage, at(silent.local_endpoint().port(), true), 300ms);
  CHECK(trouble.kind == Kind::silent);
  CHECK(std::chrono::steady_clock::now() - begun < 5s);
}

TEST_CASE("a server that does not speak TLS is told from one whose certificate is not good",
          "[net][unit]") {
  NetStage stage;
  tcp::acceptor plain(stage.io, {boost::asio::ip::make_address("127.0.0.1"), 0});
  tcp::socket taken(stage.io);
  plain.async_accept(taken, [&](const Error&) {
    boost::asio::async_write(taken, boost::asio::buffer("220 mail ready\r\n", 16),
                             [](const Error&, std::size_t) {});
  });
  const auto no_tls = trouble_at(stage, at(plain.local_endpoint().port(), true));
  CHECK(no_tls.kind == Kind::not_tls);

  TlsServer server(stage, a_certificate(stage.folder.path(), "server"));
  Destination to = at(server.acceptor.port(), true);
  const auto stranger = trouble_at(stage, to);
  CHECK(stranger.kind == Kind::certificate);
  CHECK(stranger.failure.what.find("signed by the server itself") != std::string::npos);
  CHECK(stranger.failure.remedy.find("set ca_file to it") != std::string::npos);

  TlsServer elsewhere(stage, a_certificate(stage.folder.path(), "else", "DNS:other.example"));
  Destination other = at(elsewhere.acceptor.port(), true);
  other.tls.ca_file = (stage.folder.path() / "else.pem").string();
  const auto name = trouble_at(stage, other);
  CHECK(name.kind == Kind::certificate);
  CHECK(name.failure.what.find("127.0.0.1") != std::string::npos);
}

TEST_CASE("a server that ends the link after our certificate is told with that certificate",
          "[net][unit]") {
  const NetStage stage;
  const Url street{"street", 8883, true};
  const auto own = a_certificate(stage.folder.path(), "gateway-7").certificate;
  const Failure refused = ended_after_certificate(street, own);
  CHECK(refused.what.find(own + ": CN = gateway-7, valid until 20") != std::string::npos);
  CHECK(refused.remedy.find("set cert_file") == std::string::npos);
  const Failure wanted = ended_after_certificate(street, "");
  CHECK(wanted.remedy.find("set cert_file and key_file") != std::string::npos);
}

TEST_CASE("a connect that is cancelled, or whose connector has gone, reports nothing",
          "[net][unit]") {
  const bool outlived = GENERATE(true, false);
  NetStage stage;
  tcp::acceptor acceptor(stage.io, {boost::asio::ip::make_address("127.0.0.1"), 0});
  const std::uint16_t port = GENERATE(true, false) ? acceptor.local_endpoint().port() : 1;
  auto connector = std::make_unique<Connector>(stage.io.get_executor(), at(port));
  bool told = false;
  connector->connect(in(10s), [&](const auto&, const auto&) { told = true; });
  if (outlived) {
    connector.reset();
  } else {
    connector->cancel();
  }
  stage.io.restart();
  stage.io.run_for(200ms);
  CHECK_FALSE(told);
}

}  // namespace watchpost::net

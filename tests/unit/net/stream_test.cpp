// The promises of every Stream, tested with TCP, a Unix socket, TLS, and WebSocket with and without
// TLS, at both ends of each.
#include <algorithm>
#include <array>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/write.hpp>
#include <optional>
#include <string>
#include <vector>

#include "net/handshake_fault.hpp"
#include "net/socket_stream.hpp"
#include "net_stage.hpp"
#include "web_socket_client.hpp"

namespace watchpost::net {
namespace {

enum class Transport { tcp, local, tls, web_socket, web_socket_tls };

// Both ends of a connected stream, after the handshake.
struct Pair {
  std::shared_ptr<Stream> client;
  std::shared_ptr<Stream> server;
};

struct StreamStage : NetStage {
  explicit StreamStage(Transport kind) : transport(kind) {}

  Transport transport;
  std::shared_ptr<ServerCertificates> certificates;
  std::optional<Acceptor> acceptor;

  [[nodiscard]] bool has_tls() const {
    return transport == Transport::tls || transport == Transport::web_socket_tls;
  }
  [[nodiscard]] bool is_web_socket() const {
    return transport == Transport::web_socket || transport == Transport::web_socket_tls;
  }

  void listen() {
    if (transport == Transport::local) {
      const SocketFile file{folder.path() / "socket", ""};
      acceptor.emplace(Acceptor::at(io.get_executor(), file).value());
      return;
    }
    if (has_tls()) {
      certificates = ServerCertificates::load(a_certificate(folder.path(), "server")).value();
    }
    const TcpPlace place{"127.0.0.1", 0, "this [[listener]]"};
    SpokenLayers layers{certificates};
    if (is_web_socket()) layers.web_socket.emplace();
    acceptor.emplace(Acceptor::at(io.get_executor(), place, layers).value());
  }

  std::shared_ptr<Stream> connected() {
    if (transport == Transport::local) {
      boost::asio::local::stream_protocol::socket socket(io);
      socket.connect((folder.path() / "socket").string());
      return std::make_shared<SocketStream>(Socket(std::move(socket)), "local");
    }
    Destination to;
    to.url = {"127.0.0.1", acceptor->port(), has_tls()};
    to.tls.ca_file = (folder.path() / "server.pem").string();
    Connector connector(io.get_executor(), to);
    std::shared_ptr<Stream> stream;
    std::string failure;
    connector.connect(in(10s), [&](std::shared_ptr<Stream> made, const ConnectTrouble& trouble) {
      stream = std::move(made);
      failure = trouble.failure.sentence();
    });
    CHECK(stream == nullptr);  // the answer never comes inside the call
    REQUIRE(run_until([&] { return stream != nullptr || !failure.empty(); }));
    CHECK(failure.empty());
    return is_web_socket() ? upgraded(std::move(stream)) : stream;
  }

  std::shared_ptr<Stream> upgraded(std::shared_ptr<Stream> below) {
    auto client = std::make_shared<testing::WebSocketClient>(io.get_executor(), std::move(below));
    std::optional<Error> answer;
    client->shake_hands([&](const Error& error, std::size_t) { answer = error; });
    REQUIRE(run_until([&] { return answer.has_value(); }));
    CHECK_FALSE(*answer);
    return client;
  }

  Pair pair() {
    listen();
    Pair pair;
    bool shaken = false;
    acceptor->accept([&](const Error& error, std::shared_ptr<Stream> stream) {
      REQUIRE_FALSE(error);
      pair.server = std::move(stream);
      pair.server->shake_hands([&](const Error& failed, std::size_t) {
        REQUIRE_FALSE(failed);
        shaken = true;
      });
      CHECK_FALSE(shaken);
    });
    pair.client = connected();
    REQUIRE(run_until([&] { return shaken; }));
    return pair;
  }
};

// One read, and whether and how it was answered.
struct Read {
  explicit Read(Stream& stream) {
    stream.read_some(room, [this](const Error& heard, std::size_t size) {
      error = heard;
      count = size;
      is_done = true;
    });
  }
  std::array<char, 4096> room{};
  Error error;
  std::size_t count = 0;
  bool is_done = false;
  [[nodiscard]] std::string text() const { return {room.data(), count}; }
};

// Waits for something to read, without room for it.
struct Awaited {
  explicit Awaited(Stream& stream) {
    stream.await_bytes([this](const Error& heard, std::size_t size) {
      error = heard;
      count = size;
      is_done = true;
    });
  }
  Error error;
  std::size_t count = 0;
  bool is_done = false;
};

struct Write {
  Write(Stream& stream, std::string text) : bytes(std::move(text)) {
    stream.write(
        bytes, [this] { ++steps; },
        [this](const Error& heard, std::size_t) {
          error = heard;
          is_done = true;
        });
  }
  std::string bytes;
  Error error;
  int steps = 0;
  bool is_done = false;
};

Transport any_transport() {
  return GENERATE(Transport::tcp, Transport::local, Transport::tls, Transport::web_socket,
                  Transport::web_socket_tls);
}

}  // namespace

TEST_CASE("bytes go both ways, and each end knows the other", "[net][unit]") {
  StreamStage stage(any_transport());
  const Pair pair = stage.pair();
  Read request(*pair.server);
  Write question(*pair.client, "how high?");
  CHECK_FALSE(question.is_done);  // the answer never comes inside the call
  REQUIRE(stage.run_until([&] { return request.is_done && question.is_done; }));
  CHECK_FALSE(request.error);
  CHECK(request.text() == "how high?");

  Read reply(*pair.client);
  Write answer(*pair.server, "2.5 m");
  REQUIRE(stage.run_until([&] { return reply.is_done; }));
  CHECK(reply.text() == "2.5 m");
  const bool is_local = stage.transport == Transport::local;
  CHECK(pair.server->peer().starts_with(is_local ? "local" : "127.0.0.1:"));
}

TEST_CASE("the other end learns that an end has finished, and the finished end still reads",
          "[net][unit]") {
  StreamStage stage(any_transport());
  const Pair pair = stage.pair();
  pair.client->finish();
  Read end(*pair.server);
  REQUIRE(stage.run_until([&] { return end.is_done; }));
  CHECK(is_end_of_stream(end.error));
  // A WebSocket has no half: both ends finish (RFC 6455 section 5.5.1).
  if (stage.is_web_socket()) return;

  Read late(*pair.client);
  Write last_word(*pair.server, "good bye");
  REQUIRE(stage.run_until([&] { return late.is_done; }));
  CHECK(late.text() == "good bye");
}

TEST_CASE("who waits for bytes without room hears of each arrival, of the end and of the deadline",
          "[net][unit]") {
  StreamStage stage(any_transport());
  const Pair pair = stage.pair();
  const bool is_plain = stage.transport == Transport::tcp || stage.transport == Transport::local;
  REQUIRE(pair.server->can_await_bytes() == is_plain);
  if (!is_plain) return;

  Awaited first(*pair.server);
  stage.io.restart();
  stage.io.run_for(50ms);
  CHECK_FALSE(first.is_done);  // nothing came yet
  Write one(*pair.client, "smoke");
  REQUIRE(stage.run_until([&] { return first.is_done; }));
  CHECK_FALSE(first.error);
  CHECK(first.count == 0);
  // What is there already is heard of too.
  Awaited again(*pair.server);
  CHECK_FALSE(again.is_done);  // the answer never comes inside the call
  REQUIRE(stage.run_until([&] { return again.is_done; }));
  Read read(*pair.server);
  REQUIRE(stage.run_until([&] { return read.is_done; }));
  CHECK(read.text() == "smoke");

  pair.client->finish();
  Awaited end(*pair.server);
  REQUIRE(stage.run_until([&] { return end.is_done; }));
  CHECK_FALSE(end.error);  // a read has something to tell
  Read last(*pair.server);
  REQUIRE(stage.run_until([&] { return last.is_done; }));
  CHECK(is_end_of_stream(last.error));

  pair.client->set_deadline(in(50ms));
  Awaited late(*pair.client);
  REQUIRE(stage.run_until([&] { return late.is_done; }));
  CHECK(is_timeout(late.error));
}

TEST_CASE("close ends what is under way with an error, once, and later", "[net][unit]") {
  StreamStage stage(any_transport());
  const Pair pair = stage.pair();
  Read read(*pair.server);
  pair.server->close();
  CHECK_FALSE(read.is_done);
  REQUIRE(stage.run_until([&] { return read.is_done; }));
  CHECK(is_aborted(read.error));
  CHECK_FALSE(pair.server->is_open());
  Read after(*pair.server);
  REQUIRE(stage.run_until([&] { return after.is_done; }));
  CHECK(after.error);

  Read other(*pair.client);
  REQUIRE(stage.run_until([&] { return other.is_done; }));
  CHECK(other.error);
}

TEST_CASE("a deadline ends a read that gets nothing, and another one takes its place",
          "[net][unit]") {
  StreamStage stage(any_transport());
  const Pair pair = stage.pair();
  pair.server->set_deadline(in(10'000ms));
  pair.server->set_deadline(in(50ms));
  Read read(*pair.server);
  REQUIRE(stage.run_until([&] { return read.is_done; }));
  CHECK(is_timeout(read.error));
  CHECK_FALSE(pair.server->is_open());

  // The deadline is taken back in time.
  pair.client->set_deadline(in(50ms));
  pair.client->set_deadline(SteadyTime::max());
  stage.io.restart();
  stage.io.run_for(100ms);
  CHECK(pair.client->is_open());
}

TEST_CASE("whoever does not read holds the other side back, and loses nothing", "[net][unit]") {
  StreamStage stage(any_transport());
  const Pair pair = stage.pair();
  // More bytes than all buffers of the network hold.
  constexpr std::size_t kMany = 32UL * 1'024 * 1'024;
  std::string text(kMany, '\0');
  for (std::size_t i = 0; i < kMany; ++i) text[i] = static_cast<char>(i % 251);
  Write write(*pair.client, text);
  stage.io.restart();
  stage.io.run_for(300ms);
  CHECK_FALSE(write.is_done);

  std::string got;
  while (got.size() < kMany) {
    Read read(*pair.server);
    REQUIRE(stage.run_until([&] { return read.is_done; }));
    REQUIRE_FALSE(read.error);
    got += read.text();
  }
  CHECK(got == text);
  REQUIRE(stage.run_until([&] { return write.is_done; }));
  CHECK_FALSE(write.error);
  CHECK(write.steps > 1);
}

TEST_CASE("a deadline ends a write that nobody takes", "[net][unit]") {
  StreamStage stage(any_transport());
  const Pair pair = stage.pair();
  pair.client->set_deadline(in(200ms));
  Write write(*pair.client, std::string(32UL * 1'024 * 1'024, 'x'));
  REQUIRE(stage.run_until([&] { return write.is_done; }));
  CHECK(is_timeout(write.error));
}

TEST_CASE("a client that never shakes hands is ended by the deadline", "[net][unit]") {
  StreamStage stage(Transport::tls);
  stage.listen();
  bool ended = false;
  Error error;
  std::shared_ptr<Stream> server;
  stage.acceptor->accept([&](const Error&, std::shared_ptr<Stream> stream) {
    server = std::move(stream);
    server->set_deadline(in(100ms));
    server->shake_hands([&](const Error& heard, std::size_t) {
      error = heard;
      ended = true;
    });
  });
  boost::asio::ip::tcp::socket silent(stage.io);
  silent.connect({boost::asio::ip::make_address("127.0.0.1"), stage.acceptor->port()});
  REQUIRE(stage.run_until([&] { return ended; }));
  CHECK(is_timeout(error));
}

TEST_CASE("bytes sent in clear to an end that speaks TLS are not passed on", "[net][unit]") {
  StreamStage stage(Transport::tls);
  stage.listen();
  for (const auto& [bytes, fault] :
       {std::pair(std::string("\x10\x0c\x00\x04MQTT\x04\x02", 10), HandshakeFault::without_tls),
        std::pair(std::string("GET /mqtt HTTP/1.1\r\n\r\n"), HandshakeFault::http_without_tls),
        std::pair(std::string("\x16garbage", 8), HandshakeFault::tls_version)}) {
    std::optional<Error> ended;
    std::shared_ptr<Stream> server;
    stage.acceptor->accept([&](const Error&, std::shared_ptr<Stream> stream) {
      server = std::move(stream);
      server->shake_hands([&](const Error& heard, std::size_t) { ended = heard; });
    });
    boost::asio::ip::tcp::socket plain(stage.io);
    plain.connect({boost::asio::ip::make_address("127.0.0.1"), stage.acceptor->port()});
    boost::asio::write(plain, boost::asio::buffer(bytes));
    REQUIRE(stage.run_until([&] { return ended.has_value(); }));
    const bool is_named = fault_in(*ended) == fault;
    const bool is_broken = fault_in(*ended) == HandshakeFault::broken_tls;
    CHECK((is_named || (fault == HandshakeFault::tls_version && is_broken)));
  }
}

TEST_CASE("after a reload new clients see the new certificate, and those that stand go on",
          "[net][unit]") {
  StreamStage stage(Transport::tls);
  const Pair old = stage.pair();
  const ServerFiles files = a_certificate(stage.folder.path(), "server");
  REQUIRE(stage.certificates->reload().has_value());

  std::shared_ptr<Stream> server;
  stage.acceptor->accept([&](const Error&, std::shared_ptr<Stream> stream) {
    server = std::move(stream);
    server->shake_hands([](const Error&, std::size_t) {});
  });
  // The client trusts only the new certificate; the handshake would fail if the server showed the
  // old one.
  const auto client = stage.connected();
  REQUIRE(client != nullptr);

  Read read(*old.server);
  Write write(*old.client, "still here");
  REQUIRE(stage.run_until([&] { return read.is_done; }));
  CHECK(read.text() == "still here");

  // Certificate and key that do not belong together change nothing.
  a_certificate(stage.folder.path(), "other");
  std::filesystem::copy_file(stage.folder.path() / "other.key", files.private_key,
                             std::filesystem::copy_options::overwrite_existing);
  const auto reloaded = stage.certificates->reload();
  REQUIRE(reloaded.has_error());
  CHECK(reloaded.error().what.find("server.key") != std::string::npos);
  stage.acceptor->accept([&](const Error&, std::shared_ptr<Stream> stream) {
    server = std::move(stream);
    server->shake_hands([](const Error&, std::size_t) {});
  });
  CHECK(stage.connected() != nullptr);
}

}  // namespace watchpost::net

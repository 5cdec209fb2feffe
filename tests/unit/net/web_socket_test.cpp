// WebSocket at a listening socket: what is a request for MQTT, what is not, and how bytes are cut.
#include <array>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <optional>
#include <string>

#include "net/handshake_fault.hpp"
#include "net_stage.hpp"

namespace watchpost::net {
namespace {

using boost::asio::ip::tcp;

constexpr std::string_view kRest =
    "Host: gateway:9001\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

std::string a_request(const std::string& target = "/mqtt",
                      const std::string& subprotocols = "mqtt") {
  return "GET " + target + " HTTP/1.1\r\n" + std::string(kRest) +
         (subprotocols.empty() ? "" : "Sec-WebSocket-Protocol: " + subprotocols + "\r\n") + "\r\n";
}

// A frame of a client, which is masked (RFC 6455 section 5.3); at most 125 bytes.
std::string a_frame(char first_byte, std::string_view text) {
  constexpr std::array<char, 4> kMask{'\x11', '\x22', '\x33', '\x44'};
  std::string frame{first_byte, static_cast<char>(0x80 | text.size())};
  frame.append(kMask.data(), kMask.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    frame.push_back(static_cast<char>(text[i] ^ kMask[i % 4]));
  }
  return frame;
}
constexpr char kText = '\x81';
constexpr char kBinary = '\x82';        // the whole message
constexpr char kBinaryBegins = '\x02';  // more frames follow
constexpr char kGoesOn = '\x00';
constexpr char kEnds = '\x80';
constexpr char kPing = '\x89';

// A listening socket for WebSocket, and a client that sends bytes of its own making.
struct WebSocketStage : NetStage {
  explicit WebSocketStage(const WebSocketOptions& options = {})
      : acceptor(Acceptor::at(io.get_executor(), TcpPlace{"127.0.0.1", 0, "x"}, {nullptr, options})
                     .value()),
        client(io) {
    acceptor.accept([this](const Error&, std::shared_ptr<Stream> stream) {
      server = std::move(stream);
      server->shake_hands([this](const Error& heard, std::size_t) { answer = heard; });
    });
    client.connect({boost::asio::ip::make_address("127.0.0.1"), acceptor.port()});
  }
  void sends(const std::string& bytes) { boost::asio::write(client, boost::asio::buffer(bytes)); }
  HandshakeFault fault_after(const std::string& bytes) {
    sends(bytes);
    REQUIRE(run_until([&] { return answer.has_value(); }));
    return fault_in(*answer);
  }
  std::string receives() {
    std::string got;
    run_until([&] {
      if (client.available() == 0) return false;
      got.resize(client.available());
      client.read_some(boost::asio::buffer(got));
      return true;
    });
    return got;
  }
  // Reads at the server until so many bytes have come, or an error.
  std::string server_reads(std::size_t count) {
    std::string got;
    while (got.size() < count && !failed) {
      std::array<char, 256> room{};
      bool is_done = false;
      server->read_some(room, [&](const Error& error, std::size_t size) {
        got.append(room.data(), size);
        failed = error;
        is_done = true;
      });
      REQUIRE(run_until([&] { return is_done; }));
    }
    return got;
  }

  Acceptor acceptor;
  tcp::socket client;
  std::shared_ptr<Stream> server;
  std::optional<Error> answer;
  Error failed;
};

}  // namespace

TEST_CASE("a request for MQTT over WebSocket names the sub-protocol of ours that it gets",
          "[net][unit]") {
  const std::array<std::pair<std::string, std::string>, 4> rows{{
      {"mqtt", "mqtt"},
      {"mqttv3.1", "mqttv3.1"},
      {"other, mqttv3.1 , mqtt", "mqttv3.1"},
      {"\tmqtt", "mqtt"},
  }};
  for (const auto& [asked, given] : rows) {
    CAPTURE(asked);
    WebSocketStage stage;
    CHECK(stage.fault_after(a_request("/mqtt?token=x", asked)) == HandshakeFault::none);
    const std::string got = stage.receives();
    CHECK(got.starts_with("HTTP/1.1 101 "));
    CHECK(got.find("Sec-WebSocket-Protocol: " + given + "\r\n") != std::string::npos);
    // The answer to the key is that of RFC 6455 section 1.3.
    CHECK(got.find("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=") != std::string::npos);
  }
}

TEST_CASE("what is no request for MQTT over WebSocket is refused with a sentence", "[net][unit]") {
  const auto refused = [](const std::string& request, std::string_view line) {
    WebSocketStage stage;
    const auto fault = stage.fault_after(request);
    const std::string got = stage.receives();
    INFO(got);
    CHECK(got.starts_with("HTTP/1.1 " + std::string(line)));
    return fault;
  };
  CHECK(refused("GET / HTTP/1.1\r\nHost: gateway\r\n\r\n", "426") == HandshakeFault::no_websocket);
  CHECK(refused("POST /mqtt HTTP/1.1\r\n" + std::string(kRest) + "\r\n", "426") ==
        HandshakeFault::no_websocket);
  CHECK(refused("GARBAGE\r\n\r\n", "426") == HandshakeFault::no_websocket);
  CHECK(refused(a_request("/"), "404") == HandshakeFault::other_path);
  CHECK(refused(a_request("/mqtt/more"), "404") == HandshakeFault::other_path);
  CHECK(refused(a_request("/mqtt", ""), "400") == HandshakeFault::other_subprotocol);
  CHECK(refused(a_request("/mqtt", "MQTT, mqttv5"), "400") == HandshakeFault::other_subprotocol);
  // Bytes behind the request, before its answer.
  CHECK(refused(a_request() + "x", "426") == HandshakeFault::no_websocket);
  // More than kLargestHeader.
  CHECK(refused("GET /mqtt HTTP/1.1\r\nCookie: " + std::string(9'000, 'c'), "426") ==
        HandshakeFault::no_websocket);
}

TEST_CASE("MQTT without WebSocket and TLS are named at a port of WebSocket", "[net][unit]") {
  CHECK(WebSocketStage().fault_after(std::string("\x10\x0c\x00\x04MQTT", 8)) ==
        HandshakeFault::mqtt_to_websocket);
  CHECK(WebSocketStage().fault_after(std::string("\x16\x03\x01\x02", 4)) ==
        HandshakeFault::tls_to_websocket);
}

TEST_CASE("a page of another host does not connect where no password is asked for", "[net][unit]") {
  WebSocketOptions options;
  options.same_host_only = true;
  const auto from = [&](const std::string& origin) {
    std::string request = a_request();
    request.insert(request.size() - 2, "Origin: " + origin + "\r\n");
    return WebSocketStage(options).fault_after(request);
  };
  CHECK(from("http://gateway") == HandshakeFault::none);
  CHECK(from("https://gateway:8443") == HandshakeFault::none);
  CHECK(from("https://evil.example") == HandshakeFault::foreign_page);
  CHECK(from("null") == HandshakeFault::foreign_page);
  CHECK(from("https://gateway.evil.example") == HandshakeFault::foreign_page);
  // No browser.
  CHECK(WebSocketStage(options).fault_after(a_request()) == HandshakeFault::none);
}

TEST_CASE("a request that comes byte by byte is understood, one that stops ends at the deadline",
          "[net][unit]") {
  WebSocketStage slow;
  for (const char each : a_request()) {
    slow.sends(std::string(1, each));
    slow.io.restart();
    slow.io.poll();
  }
  REQUIRE(slow.run_until([&] { return slow.answer.has_value(); }));
  CHECK_FALSE(*slow.answer);

  WebSocketStage stopped;
  stopped.sends("GET /mqtt HT");
  REQUIRE(stopped.run_until([&] { return stopped.server != nullptr; }));
  stopped.server->set_deadline(in(50ms));
  REQUIRE(stopped.run_until([&] { return stopped.answer.has_value(); }));
  CHECK(is_timeout(*stopped.answer));
}

TEST_CASE("however a client cuts its bytes into frames, they are read as one stream",
          "[net][unit]") {
  WebSocketStage stage;
  REQUIRE(stage.fault_after(a_request()) == HandshakeFault::none);
  stage.receives();
  stage.sends(a_frame(kBinary, "one") + a_frame(kBinary, "") + a_frame(kBinaryBegins, "tw") +
              a_frame(kPing, "still there?") + a_frame(kGoesOn, "") + a_frame(kEnds, "o"));
  CHECK(stage.server_reads(6) == "onetwo");
  CHECK(stage.receives() == std::string("\x8a\x0cstill there?"));
  for (const char each : a_frame(kBinary, "three")) {
    stage.sends(std::string(1, each));
    stage.io.restart();
    stage.io.poll();
  }
  CHECK(stage.server_reads(5) == "three");
}

TEST_CASE("text frames end the stream, and none of their bytes is passed on", "[net][unit]") {
  WebSocketStage stage;
  REQUIRE(stage.fault_after(a_request()) == HandshakeFault::none);
  stage.sends(a_frame(kText, "no MQTT"));
  CHECK(stage.server_reads(1).empty());
  CHECK(fault_in(stage.failed) == HandshakeFault::text_frames);
}

TEST_CASE("frames that are not masked, or have reserved bits, end the stream", "[net][unit]") {
  for (const std::string& bytes :
       {std::string("\x82\x03one", 5), a_frame('\xc2', "one"), a_frame('\x83', "one")}) {
    WebSocketStage stage;
    REQUIRE(stage.fault_after(a_request()) == HandshakeFault::none);
    stage.sends(bytes);
    CHECK(stage.server_reads(1).empty());
    CHECK(stage.failed);
  }
}

}  // namespace watchpost::net

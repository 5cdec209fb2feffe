#include "ingress/listener.hpp"

#include "accounts/credentials.hpp"
#include "harness.hpp"
#include "peer.hpp"

namespace watchpost::ingress {
namespace {

using namespace testing;
using namespace protocol;

TEST_CASE("PUBACK crosses the wire only after the intake settled", "[ingress][unit]") {
  const auto version = GENERATE(Version::v3_1_1, Version::v5);
  Harness harness;
  Peer peer(harness);
  peer.connects(a_connect("s", version));
  peer.sends(a_publish(Qos::at_least_once, 1));
  REQUIRE(harness.until_messages(1));
  CHECK(harness.intake.message(0).topic.text() == "wp/in/fire/smoke");
  CHECK(harness.intake.message(0).source == "s");
  CHECK(peer.has_received_nothing());

  harness.intake.settle_message(0);
  CHECK(peer.receives_a<Puback>().packet_id == PacketId(1));
}

TEST_CASE("acknowledgements leave in the order of arrival, all ready ones in one write",
          "[ingress][unit]") {
  Harness harness;
  Peer peer(harness);
  peer.connects(a_connect("s"));
  for (std::uint16_t id = 1; id <= 3; ++id) peer.sends(a_publish(Qos::at_least_once, id));
  REQUIRE(harness.until_messages(3));
  harness.intake.settle_message(2);
  harness.intake.settle_message(1);
  CHECK(peer.has_received_nothing());
  harness.intake.settle_message(0);
  for (std::uint16_t id = 1; id <= 3; ++id) {
    CHECK(peer.receives_a<Puback>().packet_id == PacketId(id));
  }
}

TEST_CASE("a 3.1.1 client's message that was not stored is handed over again, and then answered",
          "[ingress][unit]") {
  Harness harness;
  Peer peer(harness);
  peer.connects(a_connect("s", Version::v3_1_1));
  peer.sends(a_publish(Qos::at_least_once, 1));
  REQUIRE(harness.until_messages(1));
  harness.intake.settle_message(0, Failure{Failure::Kind::storage, "broken", ""});
  REQUIRE(harness.until_messages(2));  // offered again by the listener's tick
  peer.sends(Pingreq{});
  (void)peer.receives_a<Pingresp>();  // no PUBACK came before this answer
  harness.intake.settle_message(1);
  CHECK(peer.receives_a<Puback>().packet_id == PacketId(1));
}

TEST_CASE("clients that are not read for what waits are read again when it is stored",
          "[ingress][unit]") {
  ListenerOptions options;
  options.session.max_waiting_bytes = 1;
  Harness harness(options);
  Peer first(harness), second(harness);
  first.connects(a_connect("first", Version::v3_1_1));
  second.connects(a_connect("second", Version::v3_1_1));
  first.sends(a_publish(Qos::at_least_once, 1));
  REQUIRE(harness.until_messages(1));
  harness.intake.settle_message(0, Failure{Failure::Kind::storage, "broken", ""});
  second.sends(a_publish(Qos::at_least_once, 2));
  REQUIRE(harness.until_messages(2));  // the first message comes again
  CHECK(harness.intake.submissions.at(harness.intake.messages[1]).message->source == "first");
  harness.intake.settle_message(1);
  CHECK(first.receives_a<Puback>().packet_id == PacketId(1));
  REQUIRE(harness.until_messages(3));
  harness.intake.settle_message(2);
  CHECK(second.receives_a<Puback>().packet_id == PacketId(2));
}

TEST_CASE("a ticket that settles after its connection is gone harms nothing", "[ingress][unit]") {
  Harness harness;
  {
    Peer peer(harness);
    peer.connects(a_connect("s"));
    peer.sends(a_publish(Qos::at_least_once, 1));
    peer.sends(a_publish(Qos::exactly_once, 2));
    REQUIRE(harness.until_messages(2));
  }
  REQUIRE(harness.until([&] { return harness.listener->status().clients_connected == 0; }));
  harness.settle_down();
  SECTION("while the listener runs") {
    harness.intake.settle_message(0);
  }
  SECTION("after the listener too is gone") {
    harness.listener.reset();
    harness.intake.settle_message(0);
    harness.intake.settle_message(1);
  }
}

TEST_CASE("sockets are not read while the intake does not accept", "[ingress][unit]") {
  Harness harness;
  Peer peer(harness);
  peer.connects(a_connect("s"));
  harness.intake.open = false;
  // The read that is already under way may bring one more portion, which stays in the framer.
  peer.sends(a_publish(Qos::at_least_once, 1));
  harness.settle_down();
  CHECK(harness.intake.messages.empty());
  CHECK(harness.intake.waiting.size() == 1);

  // This is far more than the daemon may hold, so the socket fills up instead.
  const std::string large(200'000, 'x');
  auto publish = a_publish(Qos::at_most_once, 0);
  publish.payload = large;
  for (int i = 0; i < 100 && !peer.full; ++i) {
    peer.sends(publish);
    harness.settle_down();
  }
  CHECK(peer.full);
  CHECK(harness.intake.messages.empty());

  harness.intake.accept_again();
  CHECK(harness.until_messages(2));
}

TEST_CASE("one connection's unsettled messages are bounded", "[ingress][unit]") {
  ListenerOptions options;
  options.session.max_unsettled = 4;
  options.session.receive_maximum = 4;
  Harness harness(options);
  Peer peer(harness);
  peer.connects(a_connect("s", Version::v3_1_1));
  for (std::uint16_t id = 1; id <= 10; ++id) peer.sends(a_publish(Qos::at_least_once, id));
  REQUIRE(harness.until_messages(4));
  harness.settle_down();
  CHECK(harness.intake.messages.size() == 4);

  harness.intake.settle_message(0);
  CHECK(harness.until_messages(5));
  harness.settle_down();
  CHECK(harness.intake.messages.size() == 5);
}

TEST_CASE("a client that does not read its answers is closed", "[ingress][unit]") {
  ListenerOptions options;
  options.max_unread = 4096;
  Harness harness(options);
  Peer peer(harness);
  peer.connects(a_connect("s"));
  std::string pings;
  for (int i = 0; i < 100'000; ++i) pings += std::string("\xC0\x00", 2);
  REQUIRE(harness.until([&] {
    peer.full = false;
    peer.sends_bytes(pings);
    return harness.listener->status().clients_connected == 0;
  }));
  CHECK(peer.is_closed_by_daemon());
}

TEST_CASE("a second connection takes the session over", "[ingress][unit]") {
  Harness harness;
  Peer first(harness);
  first.connects(a_connect("s"));
  Peer second(harness);
  second.connects(a_connect("s"));
  CHECK(first.receives_a<Disconnect>().code == ReasonCode::session_taken_over);
  CHECK(first.is_closed_by_daemon());
  second.sends(Pingreq{});
  (void)second.receives_a<Pingresp>();
  CHECK(harness.listener->status().clients_connected == 1);
}

TEST_CASE("the will of a vanished client is submitted like a message", "[ingress][unit]") {
  Harness harness;
  Peer peer(harness);
  auto connect = a_connect("s");
  connect.will = Will{Qos::at_least_once, false, "wp/gone", "offline", {}};
  peer.connects(connect);
  peer.vanishes();
  REQUIRE(harness.until_messages(1));
  CHECK(harness.intake.message(0).topic.text() == "wp/gone");
  CHECK(harness.intake.message(0).payload == "offline");
}

TEST_CASE("a delayed will is submitted by the tick", "[ingress][unit]") {
  Harness harness;
  Peer peer(harness);
  auto connect = a_connect("s");
  connect.properties.add(PropertyId::session_expiry_interval, 1);
  connect.will = Will{Qos::at_least_once, false, "wp/gone", "offline", {}};
  connect.will->properties.add(PropertyId::will_delay_interval, 60);
  peer.connects(connect);
  peer.vanishes();
  harness.settle_down();
  CHECK(harness.intake.messages.empty());
  CHECK(harness.until_messages(1));  // the session's second has passed, which ends the delay
}

TEST_CASE("a client that is silent for one and a half keep alives is closed", "[ingress][unit]") {
  Harness harness;
  Peer peer(harness);
  auto connect = a_connect("s");
  connect.keep_alive = 1;
  const auto start = std::chrono::steady_clock::now();
  peer.connects(connect);
  CHECK(peer.receives_a<Disconnect>().code == ReasonCode::keep_alive_timeout);
  CHECK(peer.is_closed_by_daemon());
  CHECK(std::chrono::steady_clock::now() - start >= std::chrono::milliseconds(1'500));
}

TEST_CASE("a connection without CONNECT is closed in time", "[ingress][unit]") {
  ListenerOptions options;
  options.session.connect_timeout = std::chrono::milliseconds(50);
  Harness harness(options);
  Peer peer(harness);
  CHECK(peer.is_closed_by_daemon());
}

TEST_CASE("garbage on one connection harms no other", "[ingress][unit]") {
  Harness harness;
  Peer good(harness);
  good.connects(a_connect("good"));
  Peer bad(harness);
  bad.connects(a_connect("bad"));
  bad.sends_bytes(std::string("\x36\x05\x00\x01t\x00\x01", 7) + std::string(5'000, '\xFF'));
  CHECK(bad.receives_a<Disconnect>().code == ReasonCode::malformed_packet);
  CHECK(bad.is_closed_by_daemon());
  Peer http(harness);
  http.sends_bytes("GET /" + std::string(100, 'x') + " HTTP/1.1\r\n\r\n");
  CHECK(http.is_closed_by_daemon());

  good.sends(a_publish(Qos::at_least_once, 1));
  REQUIRE(harness.until_messages(1));
  harness.intake.settle_message(0);
  CHECK(good.receives_a<Puback>().packet_id == PacketId(1));
  CHECK(harness.listener->status().totals.malformed == 2);
}

TEST_CASE("stopping waits for outcomes, sends the answers and says why", "[ingress][unit]") {
  Harness harness;
  Peer five(harness);
  five.connects(a_connect("five"));
  Peer three(harness);
  three.connects(a_connect("three", Version::v3_1_1));
  five.sends(a_publish(Qos::at_least_once, 1));
  REQUIRE(harness.until_messages(1));

  bool stopped = false;
  harness.listener->stop(std::chrono::seconds(5), [&] { stopped = true; });
  CHECK(five.has_received_nothing());
  // Messages that arrive after the stop are left for the next start.
  five.sends(a_publish(Qos::at_least_once, 2));
  harness.settle_down();
  CHECK(harness.intake.messages.size() == 1);
  CHECK_FALSE(stopped);

  harness.intake.settle_message(0);
  CHECK(five.receives_a<Puback>().packet_id == PacketId(1));
  CHECK(five.receives_a<Disconnect>().code == ReasonCode::server_shutting_down);
  CHECK(five.is_closed_by_daemon());
  CHECK(three.is_closed_by_daemon());
  five.vanishes();
  three.vanishes();
  CHECK(harness.until([&] { return stopped; }));
}

TEST_CASE("stopping ends at its deadline though a message never settles", "[ingress][unit]") {
  Harness harness;
  Peer peer(harness);
  peer.connects(a_connect("s"));
  peer.sends(a_publish(Qos::at_least_once, 1));
  REQUIRE(harness.until_messages(1));
  bool stopped = false;
  harness.listener->stop(std::chrono::milliseconds(100), [&] { stopped = true; });
  CHECK(harness.until([&] { return stopped; }));
  CHECK(peer.is_closed_by_daemon());
}

TEST_CASE("clients over the limit are closed and the rest are served", "[ingress][unit]") {
  ListenerOptions options;
  options.max_connections = 1;
  Harness harness(options);
  Peer first(harness);
  first.connects(a_connect("first"));
  Peer second(harness);
  CHECK(second.is_closed_by_daemon());
  first.sends(Pingreq{});
  (void)first.receives_a<Pingresp>();
  const ListenerStatus status = harness.listener->status();
  CHECK(status.totals.refused == 1);
  REQUIRE(status.shut_out.size() == 1);
  CHECK(status.shut_out[0].code == TroubleCode::client_port_full);
}

TEST_CASE("a port in use is a failure that names the setting", "[ingress][unit]") {
  Harness harness;
  Listener second(harness.around(), harness.queues, {});
  ListenerOptions options;
  options.port = harness.port();
  const auto started = second.start({options}, {});
  REQUIRE_FALSE(started.has_value());
  CHECK(started.error().kind == Failure::Kind::environment);
  CHECK(started.error().what.find(std::to_string(harness.port())) != std::string::npos);
  CHECK(started.error().remedy.find("Set another `port`") != std::string::npos);
  CHECK(started.error().remedy.find("Zigbee2MQTT and others stop") != std::string::npos);

  options.address = "localhost";
  CHECK(second.start({options}, {}).error().kind == Failure::Kind::invalid_input);
}

TEST_CASE("one listener serves several addresses of both families", "[ingress][unit]") {
  Harness harness;
  Listener listener(harness.around(), harness.queues, {});
  ListenerOptions four;
  four.port = 0;
  ListenerOptions six = four;
  six.address = "::1";
  const auto started = listener.start({four, six}, {});
  if (!started && started.error().what.find("::1") != std::string::npos) {
    WARN("this machine has no IPv6 loopback: " << started.error().what);
    return;
  }
  REQUIRE(started.has_value());
  const auto status = listener.status();
  REQUIRE(status.addresses.size() == 2);
  boost::asio::io_context own;
  boost::asio::ip::tcp::socket socket(own);
  socket.connect({boost::asio::ip::address_v6::loopback(), status.addresses[1].port});
  CHECK(harness.until([&] { return listener.status().addresses[1].connections == 1; }));
}

TEST_CASE("the status lists who is connected", "[ingress][unit]") {
  Harness harness;
  Peer peer(harness);
  peer.connects(a_connect("smoke-3f-07", Version::v3_1_1));
  peer.sends(a_publish(Qos::at_least_once, 1));
  REQUIRE(harness.until_messages(1));
  const auto status = harness.listener->status();
  REQUIRE(status.clients.size() == 1);
  CHECK(status.clients[0].client_id == "smoke-3f-07");
  CHECK(status.clients[0].version == "3.1.1");
  CHECK(status.clients[0].messages == 1);
  CHECK(status.clients[0].unsettled == 1);
  CHECK(status.clients[0].peer.starts_with("127.0.0.1:"));
  CHECK(status.totals.messages == 1);
  CHECK(status.totals.accepted == 1);
  CHECK(status.addresses[0].connections == 1);
}

TEST_CASE("a wrong password is refused over the wire", "[ingress][unit]") {
  // mosquitto_passwd 2.0.11 wrote this line for user "office", password "secret".
  constexpr std::string_view kFile =
      "office:$7$101$DjeE20PiOBTi64Wh$tt/iTQwh8Awv3lW4Xz85+89ecE32w177c0hbZ5ixz/"
      "wIDryODHoKhMXq/xdrMEMt7HVgNs7UmDbtRzyFfk1pew==\n";
  ListenerOptions options;
  options.anonymous = false;
  options.credentials = std::make_shared<const accounts::Credentials>(
      accounts::Credentials::parse({.name = "passwords", .text = kFile}).value());
  Harness harness(options);
  Peer wrong(harness);
  auto connect = a_connect("s");
  connect.user_name = "office";
  connect.password = "secre";
  wrong.sends(connect);
  CHECK(wrong.receives_a<Connack>().code == ReasonCode::bad_user_name_or_password);
  CHECK(wrong.is_closed_by_daemon());
  Peer right(harness);
  connect.password = "secret";
  right.connects(connect);
  Peer nobody(harness);
  nobody.sends(a_connect("t"));
  CHECK(nobody.receives_a<Connack>().code == ReasonCode::not_authorized);
  CHECK(harness.listener->status().totals.refused == 2);
}

}  // namespace
}  // namespace watchpost::ingress

// Admission of clients, the time it may take, and what a client may publish.
#include "script.hpp"

namespace watchpost::protocol {
namespace {

using namespace testing;

Server a_slow_server() {
  Server server;
  server.door.is_slow = true;
  return server;
}

TEST_CASE("a claim says what CONNECT said, and nothing is read until it is answered",
          "[protocol][unit]") {
  Server server;
  server.door.is_slow = true;
  Client client(server, 1);
  auto connect = a_connect();
  connect.user_name = "office";
  connect.password = "secret";
  client.asks_to_connect(connect);
  REQUIRE(client.claims.size() == 1);
  CHECK(client.claims[0].client_id == "sensor");
  CHECK(client.claims[0].user_name == "office");
  CHECK(client.claims[0].password == "secret");
  CHECK(client.got_nothing());
  CHECK_FALSE(client.session().may_read(true, server.now));

  client.is_found(Identity{"sensor", "office", "10.0.0.7", Proof::password});
  CHECK(client.got<Connack>().code == ReasonCode::success);
  CHECK(client.session().may_read(true, server.now));
}

TEST_CASE("what CONNECT asked is granted as asked, however late its claim is answered",
          "[protocol][unit]") {
  Server server;
  server.door.is_slow = true;
  Client client(server, 1);
  auto connect = a_lasting_connect();
  connect.will = Will{Qos::at_least_once, false, "wp/gone", "offline", {}};
  client.asks_to_connect(connect);
  server.pass(std::chrono::seconds(5));
  client.is_found(Identity{});
  REQUIRE(client.commits.size() == 1);
  CHECK(client.commits[0].changes.back().expiry == std::chrono::seconds(3600));
  client.settles(client.commits[0].ticket);
  CHECK(client.got<Connack>().code == ReasonCode::success);
  client.when([](Session& session, SteadyTime now, Actions& actions) {
    session.connection_lost(now, actions);
  });
  REQUIRE(client.handed_over.size() == 1);
  CHECK(client.handed_over[0].message.payload == "offline");
}

TEST_CASE("a client that has gone while its password was checked is not let in",
          "[protocol][unit]") {
  Server server;
  server.door.is_slow = true;
  Client client(server, 1);
  client.asks_to_connect(a_connect());
  client.when([](Session& session, SteadyTime now, Actions& actions) {
    session.connection_lost(now, actions);
  });
  client.is_found(Identity{});
  CHECK(client.got_nothing());
  CHECK(server.registry.size() == 0);
}

TEST_CASE("a check that lasts longer than a CONNECT may take ends in a refusal",
          "[protocol][unit]") {
  const auto version = GENERATE(Version::v3_1, Version::v3_1_1, Version::v5);
  Server server;
  server.door.is_slow = true;
  Client client(server, 1);
  client.asks_to_connect(a_connect(version));
  const auto look = [](Session& session, SteadyTime now, Actions& actions) {
    (void)session.may_read(true, now);
    session.on_time(now, actions);
  };
  server.pass(server.options.connect_timeout - std::chrono::milliseconds(1));
  client.when(look);
  CHECK(client.got_nothing());
  server.pass(std::chrono::milliseconds(1));
  client.when(look);
  CHECK(client.got<Connack>().code ==
        (version == Version::v5 ? ReasonCode::server_busy : ReasonCode::server_unavailable));
  CHECK(client.closed->refused);
  client.is_found(Identity{});
  CHECK(client.got_nothing());
  CHECK(server.registry.size() == 0);
}

TEST_CASE("a refused client is told less than the operator", "[protocol][unit]") {
  const auto code_for = [](Refusal refusal) {
    auto server = a_slow_server();
    Client client(server, 1);
    client.asks_to_connect(a_connect());
    client.is_found(refusal);
    CHECK(client.closed->refusal == refusal);
    return client.got<Connack>().code;
  };
  CHECK(code_for(Refusal::unknown_user) == ReasonCode::bad_user_name_or_password);
  CHECK(code_for(Refusal::wrong_password) == ReasonCode::bad_user_name_or_password);
  CHECK(code_for(Refusal::no_user_name) == ReasonCode::not_authorized);
  CHECK(code_for(Refusal::busy) == ReasonCode::server_busy);
}

TEST_CASE("who may publish is asked for by identity, with the client id it was assigned",
          "[protocol][unit]") {
  Server server;
  server.door.is_slow = true;
  Client client(server, 1);
  client.asks_to_connect(a_connect(Version::v5, ""));
  client.is_found(Identity{"", "office", "10.0.0.7", Proof::password});
  (void)client.next_bytes();
  client.sends(a_publish(Qos::at_least_once, 1));
  CHECK(server.rights.asked_by.client_id == client.session().agreement().client_id);
  CHECK_FALSE(server.rights.asked_by.client_id.empty());
  CHECK(server.rights.asked_by.user == "office");
  CHECK(server.rights.asked_by.address == "10.0.0.7");
}

TEST_CASE("a PUBLISH without the right to it is refused in its turn and not handed over",
          "[protocol][unit]") {
  Server server;
  server.rights.forbidden = "wp/secret";
  Client client(server, 1);
  client.connects(a_connect());
  (void)client.next_bytes();
  client.sends(a_publish(Qos::at_least_once, 1));
  for (const auto qos : {Qos::at_most_once, Qos::at_least_once, Qos::exactly_once}) {
    auto publish = a_publish(qos, static_cast<std::uint16_t>(qos) + 1);
    publish.topic = "wp/secret";
    if (qos == Qos::at_most_once) publish.packet_id = PacketId{};
    client.sends(publish);
  }
  CHECK(client.handed_over.size() == 1);
  CHECK(client.denied == std::vector<std::string>{"wp/secret", "wp/secret", "wp/secret"});
  CHECK(client.got_nothing());

  client.settles(client.handed_over[0].ticket);
  CHECK(client.got<Puback>().packet_id == PacketId(1));
  CHECK(client.got<Puback>().code == ReasonCode::not_authorized);
  CHECK(client.got<Pubrec>().code == ReasonCode::not_authorized);
  CHECK_FALSE(client.closed.has_value());
}

TEST_CASE("a 3.1.1 client without the right to a topic is closed, not acknowledged",
          "[protocol][unit]") {
  Server server;
  server.rights.forbidden = "wp/in/fire/smoke";
  Client client(server, 1);
  client.connects(a_connect(Version::v3_1_1));
  (void)client.next_bytes();
  client.sends(a_publish(Qos::at_least_once, 1));
  CHECK(client.got_nothing());
  REQUIRE(client.closed.has_value());
  CHECK(client.closed->code == ReasonCode::not_authorized);
  CHECK(client.handed_over.empty());
}

TEST_CASE("a client without the right to the topic of its will is not let in", "[protocol][unit]") {
  Server server;
  server.rights.forbidden = "wp/gone";
  Client client(server, 1);
  auto connect = a_connect();
  connect.will = Will{Qos::at_least_once, false, "wp/gone", "offline", {}};
  client.asks_to_connect(connect);
  CHECK(client.got<Connack>().code == ReasonCode::not_authorized);
  CHECK(client.denied == std::vector<std::string>{"wp/gone"});
  CHECK(client.handed_over.empty());
  CHECK(server.registry.size() == 0);
}

TEST_CASE("TLS and HTTP on the plain port are named", "[protocol][unit]") {
  const auto named = [](std::string bytes) {
    Server server;
    Client client(server, 1);
    const auto frame = first_frame(bytes, 1'000);
    REQUIRE(frame.has_value());
    REQUIRE(frame->has_value());
    client.when([&](Session& session, SteadyTime now, Actions& actions) {
      session.received(**frame, now, actions);
    });
    CHECK(client.closed->malformed);
    return client.closed->stranger;
  };
  CHECK(named(std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc", 9)) == Stranger::tls);
  const std::string rest =
      " / HTTP/1.1\r\nHost: gateway\r\nUpgrade: websocket\r\nUser-Agent: a "
      "browser of some name\r\n\r\n";
  for (const char* method : {"GET", "POST", "HEAD", "PUT"}) {
    CHECK(named(method + rest) == Stranger::http);
  }
  CHECK(named(std::string("\xc0\x00", 2)) == Stranger::unknown);
}

TEST_CASE("another user's client id throws nobody out, the user's own does", "[protocol][unit]") {
  Server server;
  auto connect = a_connect();
  connect.user_name = "sensor";
  connect.password = "secret";
  Client first(server, 1);
  first.connects(connect);
  CHECK(first.got<Connack>().code == ReasonCode::success);
  connect.user_name = "thief";
  Client thief(server, 2);
  thief.asks_to_connect(connect);
  CHECK(thief.got<Connack>().code == ReasonCode::not_authorized);
  CHECK(first.session().is_connected());
  connect.user_name = "sensor";
  Client again(server, 3);
  again.connects(connect);
  CHECK(again.got<Connack>().code == ReasonCode::success);
}

}  // namespace
}  // namespace watchpost::protocol

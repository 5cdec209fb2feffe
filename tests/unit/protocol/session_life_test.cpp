// Who may connect, what is agreed, and how connections and sessions end.
#include "script.hpp"

namespace watchpost::protocol {
namespace {

using namespace testing;

constexpr auto kLost = [](Session& s, SteadyTime now, Actions& a) { s.connection_lost(now, a); };
constexpr auto kTick = [](Session& s, SteadyTime now, Actions& a) { s.on_time(now, a); };
constexpr auto kTaken = [](Session& s, SteadyTime now, Actions& a) { s.taken_over(now, a); };
constexpr auto kStop = [](Session& s, SteadyTime now, Actions& a) {
  s.server_shutting_down(now, a);
};

Connect with_will(Connect connect, std::uint32_t delay = 0) {
  connect.will = Will{Qos::at_least_once, true, "wp/gone", "offline", {}};
  if (delay > 0) connect.will->properties.add(PropertyId::will_delay_interval, delay);
  return connect;
}

Actions expired(Server& server) {
  Actions actions;
  server.registry.expire(server.now, actions);
  return actions;
}

TEST_CASE("CONNACK says what was agreed", "[protocol][unit]") {
  Server server;
  server.options.keep_alive_maximum = std::chrono::seconds(100);
  server.options.session_expiry_maximum = std::chrono::seconds(50);
  Client client(server, 1);
  auto connect = a_lasting_connect();
  connect.client_id = "";
  connect.keep_alive = 0;
  client.connects(connect);
  const auto connack = client.got<Connack>();
  CHECK_FALSE(connack.session_present);
  CHECK(connack.properties.number(PropertyId::server_keep_alive) == 100U);
  CHECK(connack.properties.number(PropertyId::session_expiry_interval) == 50U);
  CHECK(connack.properties.number(PropertyId::topic_alias_maximum) == 32U);
  CHECK(connack.properties.number(PropertyId::maximum_packet_size) == 2U * 1024 * 1024);
  const auto id = connack.properties.text(PropertyId::assigned_client_identifier);
  REQUIRE(id.has_value());
  CHECK(client.session().agreement().client_id == *id);
}

TEST_CASE("each refusal of CONNECT has its code in both versions", "[protocol][unit]") {
  Server server;
  server.door.anonymous = false;
  server.options.longest_client_id = 30;
  const auto refused = [&](const Connect& connect) {
    Client client(server, 1);
    client.connects(connect);
    const auto code = client.got<Connack>().code;
    CHECK(client.closed.has_value());
    CHECK(client.closed->refused);
    return code;
  };
  for (const Version version : {Version::v3_1, Version::v3_1_1, Version::v5}) {
    auto connect = a_connect(version);
    CHECK(refused(connect) == ReasonCode::not_authorized);
    connect.user_name = "office";
    connect.password = "wrong";
    CHECK(refused(connect) == ReasonCode::bad_user_name_or_password);
    connect.password = "secret";
    connect.client_id = "a-client-id-that-is-far-too-long";
    CHECK(refused(connect) == ReasonCode::client_identifier_not_valid);
  }
  auto nameless = a_lasting_connect(Version::v3_1_1);
  nameless.client_id = "";
  CHECK(refused(nameless) == ReasonCode::client_identifier_not_valid);
  auto scram = a_connect();
  scram.properties.add(PropertyId::authentication_method, "SCRAM-SHA-256");
  CHECK(refused(scram) == ReasonCode::bad_authentication_method);
}

TEST_CASE("an unknown version is answered in the words of the nearest known one",
          "[protocol][unit]") {
  Server server;
  Client newer(server, 1);
  newer.sends_bytes(bytes("10 0c 0004 4d515454 06 02 000a 0000"));
  CHECK(newer.got<Connack>().code == ReasonCode::unsupported_protocol_version);
  Client older(server, 2);
  older.sends_bytes(bytes("10 0e 0006 4d5149736470 84 02 000a 0000"));
  CHECK(older.next_bytes() == bytes("20 02 00 01"));
  CHECK(older.closed.has_value());
}

TEST_CASE("a client of MQTT 3.1 is let in by its name and is not told of its session",
          "[protocol][unit]") {
  Server server;
  Client first(server, 1);
  first.sends_bytes(bytes("10 11 0006 4d5149736470 03 00 000a 0003 6f6c64"));
  REQUIRE(first.commits.size() == 1);
  first.settles(first.commits.back().ticket);
  CHECK(first.next_bytes() == bytes("20 02 00 00"));
  first.when([](Session& session, SteadyTime now, Actions& actions) {
    CHECK(to_string(session.agreement().version) == "3.1");
    session.connection_lost(now, actions);
  });
  // The session is there; the flag that says so is a reserved byte in 3.1.
  Client again(server, 2);
  again.sends_bytes(bytes("10 11 0006 4d5149736470 03 00 000a 0003 6f6c64"));
  CHECK(again.next_bytes() == bytes("20 02 00 00"));

  Client nameless(server, 3);
  nameless.sends_bytes(bytes("10 0e 0006 4d5149736470 03 02 000a 0000"));
  CHECK(nameless.next_bytes() == bytes("20 02 00 02"));
  CHECK(nameless.closed.has_value());
}

TEST_CASE("the first packet must be CONNECT, and no later packet may be", "[protocol][unit]") {
  Server server;
  Client early(server, 1);
  early.sends(Pingreq{});
  CHECK(early.got_nothing());
  CHECK(early.closed.has_value());

  Client twice(server, 2);
  twice.connects(a_connect()).next_bytes();
  twice.connects(a_connect());
  CHECK(twice.got<Disconnect>().code == ReasonCode::protocol_error);
}

TEST_CASE("a malformed packet ends the connection as the version prescribes", "[protocol][unit]") {
  Server server;
  Client five(server, 1);
  five.connects(with_will(a_connect())).next_bytes();
  five.sends_bytes(bytes("36 05 0001 74 0001"));
  CHECK(five.got<Disconnect>().code == ReasonCode::malformed_packet);
  CHECK(five.closed->malformed);
  CHECK(five.handed_over.size() == 1);  // the will
  // After the end the session takes no packet any more.
  five.sends(a_publish(Qos::at_most_once, 0));
  CHECK(five.handed_over.size() == 1);

  Client three(server, 2);
  three.connects(a_connect(Version::v3_1_1, "b")).next_bytes();
  three.sends_bytes(bytes("36 05 0001 74 0001"));
  CHECK(three.got_nothing());
  CHECK(three.closed->malformed);

  Client half(server, 3);
  half.sends_bytes(bytes("10 10 0004 4d515454 05 02 000a 03 21 0000 0000"));
  CHECK(half.got<Connack>().code == ReasonCode::protocol_error);
}

TEST_CASE("packets only a server sends are a protocol error", "[protocol][unit]") {
  const auto packet =
      GENERATE(values<Packet>({Connack{}, Suback{PacketId(1), {}, {{}}}, Pingresp{}, Auth{}}));
  Server server;
  Client client(server, 1);
  client.connects(a_connect()).next_bytes();
  client.sends(packet);
  CHECK(client.got<Disconnect>().code == ReasonCode::protocol_error);
}

TEST_CASE("topic aliases stand for the topic they were given", "[protocol][unit]") {
  Server server;
  Client client(server, 1);
  client.connects(a_connect()).next_bytes();
  auto named = a_publish(Qos::at_most_once, 0);
  named.properties.add(PropertyId::topic_alias, server.options.topic_alias_maximum);
  auto alias = named;
  alias.topic = "";
  client.sends(named).sends(alias);
  REQUIRE(client.handed_over.size() == 2);
  CHECK(client.handed_over[1].message.topic.text() == "wp/in/fire/smoke");

  SECTION("given anew, it stands for the new one") {
    named.topic = "other";
    client.sends(named).sends(alias);
    CHECK(client.handed_over.at(3).message.topic.text() == "other");
  }
  SECTION("one that was never given is a protocol error") {
    Publish unknown = a_publish(Qos::at_most_once, 0);
    unknown.topic = "";
    unknown.properties.add(PropertyId::topic_alias, 1);
    client.sends(unknown);
    CHECK(client.got<Disconnect>().code == ReasonCode::protocol_error);
  }
  SECTION("one over the maximum is refused by its own code") {
    Publish over = a_publish(Qos::at_most_once, 0);
    over.properties.add(PropertyId::topic_alias, server.options.topic_alias_maximum + 1U);
    client.sends(over);
    CHECK(client.got<Disconnect>().code == ReasonCode::topic_alias_invalid);
  }
}

TEST_CASE("nothing larger than the client's maximum packet size is sent", "[protocol][unit]") {
  Server server;
  Client client(server, 1);
  auto connect = a_connect();
  connect.properties.add(PropertyId::maximum_packet_size, 20);
  client.connects(connect).next_bytes();
  // With the reason string the packet would have 21 bytes or more, so the string is left out.
  client.sends(a_publish(Qos::at_least_once, 1)).settles(1, disk_full());
  client.gets(Puback{PacketId(1), ReasonCode::quota_exceeded, {}});
}

TEST_CASE("silence ends a connection", "[protocol][unit]") {
  Server server;
  Client mute(server, 1);
  server.pass(std::chrono::milliseconds(9'999));
  mute.when(kTick);
  CHECK_FALSE(mute.closed.has_value());
  server.pass(std::chrono::milliseconds(1));
  mute.when(kTick);
  CHECK(mute.closed.has_value());

  Client client(server, 2);
  client.connects(with_will(a_connect())).next_bytes();
  server.pass(std::chrono::seconds(89));
  client.when(kTick).sends(Pingreq{});
  client.gets(Pingresp{});
  server.pass(std::chrono::seconds(90));
  client.when(kTick);
  CHECK(client.got<Disconnect>().code == ReasonCode::keep_alive_timeout);
  CHECK(client.handed_over.size() == 1);  // the will
}

TEST_CASE("a will is published unless the client said goodbye", "[protocol][unit]") {
  Server server;
  Client client(server, 1);
  client.connects(with_will(a_connect())).next_bytes();

  SECTION("normal disconnection: no will") {
    client.sends(Disconnect{});
    CHECK(client.handed_over.empty());
  }
  SECTION("disconnect with will message") {
    client.sends(Disconnect{ReasonCode::disconnect_with_will_message, {}});
    REQUIRE(client.handed_over.size() == 1);
    const Message& will = client.handed_over[0].message;
    CHECK(will.topic.text() == "wp/gone");
    CHECK(will.payload == "offline");
    CHECK(will.source == "sensor");
  }
  SECTION("lost connection") {
    client.when(kLost);
    CHECK(client.handed_over.size() == 1);
  }
  SECTION("the gateway stops: the device is not gone") {
    client.when(kStop);
    CHECK(client.handed_over.empty());
    CHECK(client.got<Disconnect>().code == ReasonCode::server_shutting_down);
  }
  CHECK(client.closed.has_value());
  CHECK(server.registry.size() == 0);
}

TEST_CASE("a delayed will waits for the client to come back", "[protocol][unit]") {
  Server server;
  Client client(server, 1);
  client.connects(with_will(a_lasting_connect(), 30)).when(kLost);
  CHECK(client.handed_over.empty());
  server.pass(std::chrono::seconds(29));
  CHECK(expired(server).empty());

  SECTION("it does, in time: no will") {
    Client again(server, 2);
    again.connects(a_lasting_connect());
    CHECK(again.handed_over.empty());
    server.pass(std::chrono::seconds(5));
    CHECK(expired(server).empty());
  }
  SECTION("it starts clean, which ends the session: the will is due") {
    Client again(server, 2);
    again.connects(a_connect());
    CHECK(again.handed_over.size() == 1);
  }
  SECTION("it does not") {
    server.pass(std::chrono::seconds(1));
    const auto actions = expired(server);
    REQUIRE(actions.size() == 2);
    CHECK(std::holds_alternative<HandOver>(actions[0]));
    CHECK(std::holds_alternative<CommitLater>(actions[1]));  // it is not on disk any more
  }
}

TEST_CASE("a session ends when its expiry has passed", "[protocol][unit]") {
  Server server;
  Client client(server, 1);
  client.connects(with_will(a_lasting_connect(), 100'000)).when(kLost);
  server.pass(std::chrono::seconds(3'599));
  CHECK(expired(server).empty());
  server.pass(std::chrono::seconds(1));
  const auto actions = expired(server);
  REQUIRE(actions.size() == 3);
  CHECK(std::holds_alternative<HandOver>(actions[0]));  // the will no longer waits
  CHECK(std::get<CommitEnd>(actions[2]).client_id == "sensor");
  CHECK(server.registry.size() == 0);
}

TEST_CASE("DISCONNECT may change the session expiry, but not from 0", "[protocol][unit]") {
  Server server;
  Disconnect disconnect;
  disconnect.properties.add(PropertyId::session_expiry_interval, 10);

  Client lasting(server, 1);
  lasting.connects(a_lasting_connect()).sends(disconnect);
  REQUIRE(lasting.commits.size() == 2);
  CHECK(lasting.commits[1].changes.at(0).expiry == std::chrono::seconds(10));
  server.pass(std::chrono::seconds(10));
  CHECK(expired(server).size() == 1);

  Client fleeting(server, 2);
  fleeting.connects(a_connect()).next_bytes();
  fleeting.sends(disconnect);
  CHECK(fleeting.got<Disconnect>().code == ReasonCode::protocol_error);

  // With an expiry of 0 the session ends with the connection.
  Client third(server, 3);
  third.connects(a_lasting_connect());
  Disconnect now;
  now.properties.add(PropertyId::session_expiry_interval, 0);
  third.sends(now);
  CHECK(third.ended == std::vector<std::string>{"sensor"});
  CHECK(server.registry.size() == 0);
}

TEST_CASE("a second connection of the same client takes over", "[protocol][unit]") {
  Server server;
  Client first(server, 1);
  first.connects(with_will(a_lasting_connect())).next_bytes();
  Client second(server, 2);
  second.connects(a_lasting_connect());
  CHECK(second.taken_over == std::vector{ConnectionId(1)});
  CHECK(second.handed_over.size() == 1);  // the will of the first connection, which had no delay
  CHECK(second.got<Connack>().session_present);

  first.when(kTaken);
  CHECK(first.got<Disconnect>().code == ReasonCode::session_taken_over);
  CHECK(first.closed.has_value());
  CHECK(first.handed_over.empty());
  // The end of the first connection leaves the session to the second.
  second.sends(a_publish(Qos::exactly_once, 1));
  CHECK(second.handed_over.size() == 2);
  CHECK(server.registry.size() == 1);
}

TEST_CASE("a session without expiry does not survive a take-over", "[protocol][unit]") {
  Server server;
  Client first(server, 1);
  first.connects(a_connect(Version::v3_1_1));
  Client second(server, 2);
  second.connects(a_lasting_connect(Version::v3_1_1));
  CHECK_FALSE(second.got<Connack>().session_present);
}

TEST_CASE("beyond the limit of sessions the expired make room, else newcomers are refused",
          "[protocol][unit]") {
  Server server;
  server.registry = SessionRegistry({1}, 1);
  Client first(server, 1);
  first.connects(a_lasting_connect()).when(kLost);
  Client second(server, 2);
  second.connects(a_connect(Version::v5, "another"));
  CHECK(second.got<Connack>().code == ReasonCode::quota_exceeded);
  server.pass(std::chrono::hours(2));
  Client third(server, 3);
  third.connects(a_connect(Version::v5, "another"));
  CHECK(third.got<Connack>().code == ReasonCode::success);
}

}  // namespace
}  // namespace watchpost::protocol

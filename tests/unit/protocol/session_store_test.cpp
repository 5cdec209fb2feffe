// What the disk holds of a session, and what CONNACK says about it.
#include "script.hpp"
#include "support/catch.hpp"

namespace watchpost::protocol {
namespace {

using namespace testing;

constexpr auto kLinkLost = [](Session& session, SteadyTime now, Actions& actions) {
  session.connection_lost(now, actions);
};

Actions session_expired(Server& server) {
  Actions actions;
  server.registry.expire(server.now, actions);
  return actions;
}

TEST_CASE("a clean start ends the stored session in the commit that opens the new one",
          "[protocol][unit]") {
  Server server;
  const std::vector<StoredSession> stored{{"sensor", std::chrono::seconds(99), {PacketId(4)}}};
  server.registry.load(stored, server.now);
  Client client(server, 1);
  auto connect = a_lasting_connect();
  connect.clean_start = true;
  client.asks_to_connect(connect);
  // CONNACK waits for the commit: a crash now must not bring back the old packet ids for a client
  // that was told of a new session.
  CHECK(client.got_nothing());
  CHECK_FALSE(client.session().may_read(true, server.now));
  REQUIRE(client.commits.size() == 1);
  client.settles(client.commits[0].ticket);
  CHECK_FALSE(client.got<Connack>().session_present);
  CHECK(client.session().may_read(true, server.now));
  const auto& changes = client.commits[0].changes;
  REQUIRE(changes.size() == 2);
  CHECK(changes[0].kind == SessionChange::Kind::end);
  CHECK(changes[1].kind == SessionChange::Kind::open);
  client.sends(a_publish(Qos::exactly_once, 4));
  CHECK(client.handed_over.size() == 1);  // the new session does not know the old id
}

TEST_CASE("a client whose session could not be stored is refused, and not taken for absent",
          "[protocol][unit]") {
  Server server;
  Client client(server, 1);
  auto connect = a_lasting_connect();
  connect.will = Will{Qos::at_least_once, true, "wp/gone", "offline", {}};
  client.asks_to_connect(connect);
  client.settles(client.commits.at(0).ticket, disk_full());
  CHECK(client.got<Connack>().code == ReasonCode::server_unavailable);
  CHECK(client.closed.has_value());
  CHECK(client.handed_over.empty());
  CHECK(server.registry.size() == 0);
  // The opening may be on disk after all, so the session is ended there.
  CHECK(std::get<CommitEnd>(session_expired(server).at(0)).client_id == "sensor");
  Client again(server, 2);
  again.connects(a_lasting_connect());
  REQUIRE(again.commits.size() == 1);
  CHECK(again.commits[0].changes.back().kind == SessionChange::Kind::open);
  CHECK_FALSE(again.got<Connack>().session_present);
}

TEST_CASE("a session from before survives that its next opening could not be stored",
          "[protocol][unit]") {
  Server server;
  const std::vector<StoredSession> stored{{"sensor", std::chrono::seconds(99), {PacketId(4)}}};
  server.registry.load(stored, server.now);
  Client client(server, 1);
  client.asks_to_connect(a_lasting_connect());
  client.settles(client.commits.at(0).ticket, disk_full());
  CHECK(client.got<Connack>().code == ReasonCode::server_unavailable);
  Client again(server, 2);
  again.connects(a_lasting_connect());
  REQUIRE(again.commits.size() == 1);
  CHECK(again.got<Connack>().session_present);
  again.sends(a_publish(Qos::exactly_once, 4));
  CHECK(again.handed_over.empty());  // the packet id is still known
}

TEST_CASE("an end that could not be committed is tried again until it is", "[protocol][unit]") {
  Server server;
  Client client(server, 1);
  client.connects(a_lasting_connect()).when(kLinkLost);
  server.pass(std::chrono::seconds(3'600));
  REQUIRE(session_expired(server).size() == 1);
  server.registry.ended("sensor", false);
  CHECK(std::get<CommitEnd>(session_expired(server).at(0)).client_id == "sensor");
  CHECK(session_expired(server).empty());  // only one end is under way at a time
  server.registry.ended("sensor", false);
  // A new session ends the old one in the commit that opens it; a late end must not hit the new
  // one.
  Client again(server, 2);
  again.connects(a_lasting_connect());
  REQUIRE(again.commits.at(0).changes.size() == 2);
  CHECK(again.commits[0].changes[0].kind == SessionChange::Kind::end);
  CHECK(session_expired(server).empty());
}

TEST_CASE("a client that takes only tiny packets is closed, not left without CONNACK",
          "[protocol][unit]") {
  Server server;
  Client client(server, 1);
  auto connect = a_lasting_connect();
  connect.properties.add(PropertyId::maximum_packet_size, 8);
  client.asks_to_connect(connect);
  CHECK(client.got_nothing());
  CHECK(client.closed.has_value());
  CHECK(server.registry.size() == 0);
}

TEST_CASE("a bridge of a version that does not mark itself so is refused", "[protocol][unit]") {
  Server server;
  Client client(server, 1);
  auto bytes = encoded(a_connect(Version::v3_1_1), Version::v3_1_1);
  bytes.at(8) = static_cast<char>(0x83);  // the name of 3.1.1 with the level of 3.1
  client.sends_bytes(bytes);
  CHECK(to_hex(client.next_bytes()) == "20020001");
}

TEST_CASE("topic aliases for more text than is kept close the connection", "[protocol][unit]") {
  Server server;
  Client client(server, 1);
  client.connects(a_connect()).next_bytes();
  const std::string longest(40'000, 't');
  auto publish = a_publish(Qos::at_most_once, 0);
  publish.topic = longest;
  publish.properties.add(PropertyId::topic_alias, 1);
  client.sends(publish).sends(publish);  // the alias is set again and replaces the first
  CHECK_FALSE(client.closed.has_value());
  publish.properties.remove(PropertyId::topic_alias);
  publish.properties.add(PropertyId::topic_alias, 2);
  client.sends(publish);
  CHECK(client.got<Disconnect>().code == ReasonCode::quota_exceeded);
}

}  // namespace
}  // namespace watchpost::protocol

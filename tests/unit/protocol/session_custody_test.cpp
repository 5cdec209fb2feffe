// A message is acknowledged only after custody, in order, and QoS 2 is exact.
#include "script.hpp"

namespace watchpost::protocol {
namespace {

using namespace testing;
using enum Qos;

struct Connected {
  explicit Connected(Version version = Version::v5) : client(server, 1) {
    client.connects(a_connect(version));
    CHECK(client.got<Connack>().code == ReasonCode::success);
  }
  Server server;
  Client client;
};

TEST_CASE("PUBACK leaves only after the message is settled", "[protocol][unit]") {
  const auto version = GENERATE(Version::v3_1, Version::v3_1_1, Version::v5);
  Connected c(version);

  // The message is handed over whole; until it is settled the client hears nothing.
  c.client.sends(a_publish(at_least_once, 7));
  REQUIRE(c.client.handed_over.size() == 1);
  const HandOver& hand_over = c.client.handed_over[0];
  CHECK(hand_over.message.topic.text() == "wp/in/fire/smoke");
  CHECK(hand_over.message.payload == "1");
  CHECK(hand_over.message.source == "sensor");
  CHECK(hand_over.changes.empty());
  CHECK(c.client.got_nothing());

  c.client.settles(hand_over.ticket);
  c.client.gets(Puback{PacketId(7), {}, {}});
}

TEST_CASE("acknowledgements keep the order of arrival when outcomes do not", "[protocol][unit]") {
  Connected c;
  c.client.sends(a_publish(at_least_once, 1)).sends(a_publish(exactly_once, 2));
  c.client.sends(a_publish(at_most_once, 0)).sends(a_publish(at_least_once, 3));
  REQUIRE(c.client.handed_over.size() == 4);
  const auto ticket = [&](std::size_t i) { return c.client.handed_over[i].ticket; };

  c.client.settles(ticket(3)).settles(ticket(1));
  CHECK(c.client.got_nothing());
  c.client.settles(ticket(0));
  c.client.gets(Puback{PacketId(1), {}, {}});
  c.client.gets(Pubrec{PacketId(2), {}, {}});
  CHECK(c.client.got_nothing());  // the QoS 0 message before it is not settled
  c.client.settles(ticket(2));
  c.client.gets(Puback{PacketId(3), {}, {}});
  CHECK(c.client.got_nothing());
  CHECK(c.client.session().unsettled() == 0);
}

TEST_CASE("a repeat of what still waits for its PUBACK is the same message", "[protocol][unit]") {
  const auto version = GENERATE(Version::v3_1, Version::v3_1_1, Version::v5);
  Connected c(version);
  auto repeat = a_publish(at_least_once, 7);
  repeat.dup = true;
  c.client.sends(a_publish(at_least_once, 7)).sends(repeat);
  CHECK(c.client.handed_over.size() == 1);
  // Another message under that id is not lost, whatever it says of itself.
  auto other = repeat;
  other.payload = "0";
  c.client.sends(other);
  CHECK(c.client.handed_over.size() == 2);
  c.client.settles(c.client.handed_over[0].ticket);
  c.client.gets(Puback{PacketId(7), {}, {}});
  CHECK(c.client.got_nothing());  // a second PUBACK would acknowledge what comes next
  c.client.settles(c.client.handed_over[1].ticket);
  c.client.gets(Puback{PacketId(7), {}, {}});
  // After its PUBACK the id stands for a new message, with DUP or without.
  c.client.sends(repeat);
  CHECK(c.client.handed_over.size() == 3);
}

TEST_CASE("a repeat on the next connection waits for the fate of the first", "[protocol][unit]") {
  Server server;
  Client first(server, 1);
  first.connects(a_lasting_connect()).next_bytes();
  first.sends(a_publish(at_least_once, 7));
  first.when([](Session& session, SteadyTime now, Actions& actions) {
    session.connection_lost(now, actions);
  });
  Client second(server, 2);
  second.connects(a_lasting_connect()).next_bytes();
  auto repeat = a_publish(at_least_once, 7);
  repeat.dup = true;
  second.sends(repeat);
  CHECK(second.handed_over.empty());
  CHECK(second.got_nothing());
  const auto wakes = [](Session& session, SteadyTime now, Actions& actions) {
    session.wake(now, actions);
  };
  SECTION("which was stored") {
    first.settles(first.handed_over[0].ticket);
    REQUIRE(first.woken == std::vector{ConnectionId(2)});
    second.when(wakes);
    second.gets(Puback{PacketId(7), {}, {}});
  }
  SECTION("which was not") {
    first.settles(first.handed_over[0].ticket, disk_full());
    second.when(wakes);
    CHECK(second.got<Puback>().code == ReasonCode::quota_exceeded);
    second.sends(repeat);
    CHECK(second.handed_over.size() == 1);
  }
}

TEST_CASE("a v5 client is told that its message was not stored", "[protocol][unit]") {
  Connected c;
  c.client.sends(a_publish(at_least_once, 1)).sends(a_publish(exactly_once, 2));
  c.client.settles(c.client.handed_over[0].ticket, disk_full());
  c.client.settles(c.client.handed_over[1].ticket, disk_full());

  const auto puback = c.client.got<Puback>();
  CHECK(puback.code == ReasonCode::quota_exceeded);
  CHECK(puback.properties.text(PropertyId::reason_string) == "the disk is full");
  CHECK(c.client.got<Pubrec>().code == ReasonCode::quota_exceeded);
  CHECK_FALSE(c.client.closed.has_value());

  // The id of the failed QoS 2 message is not remembered, so a repeat is handed over.
  auto repeat = a_publish(exactly_once, 2);
  repeat.dup = true;
  c.client.sends(repeat);
  CHECK(c.client.handed_over.size() == 3);
}

TEST_CASE("a reason string is kept from a client that wants none", "[protocol][unit]") {
  Server server;
  Client client(server, 1);
  auto connect = a_connect();
  connect.properties.add(PropertyId::request_problem_information, 0);
  client.connects(connect).next_bytes();
  client.sends(a_publish(at_least_once, 1)).settles(1, disk_full());
  client.gets(Puback{PacketId(1), ReasonCode::quota_exceeded, {}});
}

TEST_CASE("a QoS 2 message is handed over once and released once", "[protocol][unit]") {
  const auto version = GENERATE(Version::v3_1, Version::v3_1_1, Version::v5);
  Connected c(version);
  c.client.sends(a_publish(exactly_once, 9)).settles(1);
  c.client.gets(Pubrec{PacketId(9), {}, {}});

  // PUBREC was lost, so the repeat gets another PUBREC, and is not handed over.
  auto repeat = a_publish(exactly_once, 9);
  repeat.dup = true;
  c.client.sends(repeat);
  c.client.gets(Pubrec{PacketId(9), {}, {}});
  CHECK(c.client.handed_over.size() == 1);

  c.client.sends(Pubrel{PacketId(9), {}, {}});
  c.client.gets(Pubcomp{PacketId(9), {}, {}});
  // PUBCOMP was lost; by now the id is unknown.
  c.client.sends(Pubrel{PacketId(9), {}, {}});
  c.client.gets(Pubcomp{PacketId(9), {}, {}});

  // The same id now stands for another message.
  c.client.sends(a_publish(exactly_once, 9));
  CHECK(c.client.handed_over.size() == 2);
}

TEST_CASE("a repeat waits for the first one's commit", "[protocol][unit]") {
  Connected c;
  auto repeat = a_publish(exactly_once, 9);
  repeat.dup = true;
  c.client.sends(a_publish(exactly_once, 9)).sends(repeat);
  CHECK(c.client.handed_over.size() == 1);
  CHECK(c.client.got_nothing());

  SECTION("which succeeds") {
    c.client.settles(1);
    c.client.gets(Pubrec{PacketId(9), {}, {}});
    c.client.gets(Pubrec{PacketId(9), {}, {}});
  }
  SECTION("which fails: neither is acknowledged as stored") {
    c.client.settles(1, disk_full());
    CHECK(c.client.got<Pubrec>().code == ReasonCode::quota_exceeded);
    CHECK(c.client.got<Pubrec>().code == ReasonCode::quota_exceeded);
  }
}

TEST_CASE("a persistent session's packet ids are committed with the message and before PUBCOMP",
          "[protocol][unit]") {
  Server server;
  Client client(server, 1);
  client.connects(a_lasting_connect()).next_bytes();
  REQUIRE(client.commits.size() == 1);
  CHECK(client.commits[0].changes.back().kind == SessionChange::Kind::open);
  CHECK(client.commits[0].changes.back().expiry == std::chrono::seconds(3600));

  client.sends(a_publish(exactly_once, 4));
  const auto& changes = client.handed_over.at(0).changes;
  REQUIRE(changes.size() == 1);
  CHECK(changes[0].kind == SessionChange::Kind::remember_packet_id);
  CHECK(changes[0].packet_id == PacketId(4));
  CHECK(changes[0].client_id == "sensor");
  client.settles(client.handed_over[0].ticket);
  client.gets(Pubrec{PacketId(4), {}, {}});

  client.sends(Pubrel{PacketId(4), {}, {}});
  CHECK(client.got_nothing());
  REQUIRE(client.commits.size() == 2);
  CHECK(client.commits[1].changes.at(0).kind == SessionChange::Kind::forget_packet_id);

  SECTION("PUBCOMP follows the commit") {
    client.settles(client.commits[1].ticket);
    client.gets(Pubcomp{PacketId(4), {}, {}});
  }
  SECTION("a failed commit leaves the id remembered, for who comes back too") {
    client.settles(client.commits[1].ticket, disk_full());
    CHECK(client.got_nothing());
    Client again(server, 2);
    again.connects(a_lasting_connect());
    client.when([](Session& s, SteadyTime now, Actions& a) { s.taken_over(now, a); });
    CHECK(again.got<Connack>().session_present);
    again.sends(a_publish(exactly_once, 4));
    CHECK(again.handed_over.empty());
    again.gets(Pubrec{PacketId(4), {}, {}});
  }
  SECTION("meanwhile the id cannot be used for another message") {
    client.sends(a_publish(exactly_once, 4));
    CHECK(client.got<Pubrec>().code == ReasonCode::packet_identifier_in_use);
    CHECK(client.handed_over.size() == 1);
  }
}

TEST_CASE("a commit under way when the client comes back is answered on the new connection",
          "[protocol][unit]") {
  Server server;
  Client first(server, 1);
  first.connects(a_lasting_connect()).sends(a_publish(exactly_once, 4));
  const auto lost = [](Session& s, SteadyTime now, Actions& a) { s.connection_lost(now, a); };
  first.when(lost);

  Client second(server, 2);
  second.connects(a_lasting_connect());
  CHECK(second.got<Connack>().session_present);
  auto repeat = a_publish(exactly_once, 4);
  repeat.dup = true;
  second.sends(repeat);
  CHECK(second.handed_over.empty());
  CHECK(second.got_nothing());

  first.settles(first.handed_over.at(0).ticket);
  CHECK(first.woken == std::vector{ConnectionId(2)});
  second.when([](Session& s, SteadyTime now, Actions& a) { s.wake(now, a); });
  second.gets(Pubrec{PacketId(4), {}, {}});
}

TEST_CASE("a stored session brings its packet ids across a restart", "[protocol][unit]") {
  Server server;
  const std::vector<StoredSession> stored{
      {"sensor", std::chrono::seconds(3600), {PacketId(4), PacketId(5)}}};
  server.registry.load(stored, server.now);
  Client client(server, 1);
  client.connects(a_lasting_connect());
  CHECK(client.got<Connack>().session_present);
  CHECK(client.commits.empty());  // the store holds this session already
  client.sends(a_publish(exactly_once, 5));
  CHECK(client.handed_over.empty());
  client.gets(Pubrec{PacketId(5), {}, {}});
}

TEST_CASE("more unacknowledged messages than Receive Maximum end the connection",
          "[protocol][unit]") {
  Server server;
  server.options.receive_maximum = 2;
  Client client(server, 1);
  client.connects(a_connect());
  CHECK(client.got<Connack>().properties.number(PropertyId::receive_maximum) == 2U);

  // A place in the window is freed by PUBACK and PUBCOMP, not by PUBREC.
  client.sends(a_publish(exactly_once, 1)).sends(a_publish(at_least_once, 2));
  client.settles(1).settles(2);
  client.gets(Pubrec{PacketId(1), {}, {}});
  client.gets(Puback{PacketId(2), {}, {}});
  client.sends(a_publish(at_least_once, 3));
  CHECK_FALSE(client.closed.has_value());
  client.sends(a_publish(at_most_once, 0));  // QoS 0 takes no place in the window
  client.sends(a_publish(at_least_once, 4));
  CHECK(client.got<Disconnect>().code == ReasonCode::receive_maximum_exceeded);
  CHECK(client.handed_over.size() == 4);
}

TEST_CASE("reading pauses while too much is unsettled, and that is no silence of the client",
          "[protocol][unit]") {
  Server server;
  server.options.max_unsettled = 2;
  Client client(server, 1);
  client.connects(a_connect(Version::v3_1_1));
  auto& session = client.session();
  client.sends(a_publish(at_least_once, 1));
  CHECK(session.may_read(true, server.now));
  CHECK_FALSE(session.may_read(false, server.now));
  client.sends(a_publish(at_most_once, 0));
  CHECK_FALSE(session.may_read(true, server.now));

  const auto tick = [](Session& s, SteadyTime now, Actions& a) { s.on_time(now, a); };
  server.pass(std::chrono::hours(1));
  client.when(tick);
  CHECK_FALSE(client.closed.has_value());
  client.settles(1);
  CHECK(session.may_read(true, server.now));
  client.when(tick);
  CHECK_FALSE(client.closed.has_value());
  server.pass(std::chrono::seconds(90));
  client.when(tick);
  CHECK(client.closed.has_value());
}

TEST_CASE("a session remembers no more packet ids than its limit", "[protocol][unit]") {
  Server server;
  server.options.max_received_ids = 1;
  Client client(server, 1);
  client.connects(a_connect()).next_bytes();
  client.sends(a_publish(exactly_once, 1)).settles(1);
  client.gets(Pubrec{PacketId(1), {}, {}});
  client.sends(a_publish(exactly_once, 2));
  CHECK(client.got<Pubrec>().code == ReasonCode::quota_exceeded);
  CHECK(client.handed_over.size() == 1);
}

}  // namespace
}  // namespace watchpost::protocol

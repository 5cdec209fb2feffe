// Messages that were not stored and cannot be refused: the client hears nothing, is not read, and
// the message is offered until it is stored.
#include "script.hpp"

namespace watchpost::protocol {
namespace {

using namespace testing;
using enum Qos;

constexpr auto kOnTime = [](Session& session, SteadyTime now, Actions& actions) {
  session.on_time(now, actions);
};

struct Waiting {
  explicit Waiting(Connect connect = a_connect(Version::v3_1_1)) : client(server, 1) {
    client.connects(std::move(connect)).next_bytes();
  }
  // How many messages were handed over, repeats included.
  [[nodiscard]] std::size_t handed_over() const { return client.handed_over.size(); }
  [[nodiscard]] TicketNumber last_ticket() const { return client.handed_over.back().ticket; }
  Server server;
  Client client;
};

TEST_CASE("a 3.1.1 client hears nothing of what was not stored, and PUBACK once it is",
          "[protocol][unit]") {
  Waiting c;
  c.client.sends(a_publish(at_least_once, 1));
  c.client.sends(a_publish(at_least_once, 2)).sends(a_publish(at_least_once, 3));
  c.client.settles(1).settles(3).settles(2, disk_full());

  c.client.gets(Puback{PacketId(1), {}, {}});
  CHECK(c.client.got_nothing());  // message 3 is stored, but waits for its turn behind 2
  CHECK_FALSE(c.client.closed.has_value());
  CHECK(c.client.session().is_waiting());
  CHECK(c.handed_over() == 3);

  // The store is still full; it is asked again at the next tick, not before.
  c.client.when(kOnTime);
  REQUIRE(c.handed_over() == 4);
  CHECK(c.last_ticket() == TicketNumber{2});
  CHECK(c.client.handed_over[3].message.payload == c.client.handed_over[1].message.payload);
  CHECK(c.client.handed_over[3].message.topic == c.client.handed_over[1].message.topic);
  c.client.settles(2, disk_full());
  CHECK(c.client.got_nothing());
  CHECK(c.handed_over() == 4);

  c.client.when(kOnTime).settles(2);
  c.client.gets(Puback{PacketId(2), {}, {}});
  c.client.gets(Puback{PacketId(3), {}, {}});
  CHECK_FALSE(c.client.session().is_waiting());
  CHECK(c.server.registry.waiting_bytes() == 0);
  c.client.when(kOnTime);
  CHECK(c.handed_over() == 5);  // a message that was stored is not handed over again
}

TEST_CASE("one waiting message asks for all: each one that is stored brings two more",
          "[protocol][unit]") {
  Waiting c;
  for (std::uint16_t id = 1; id <= 4; ++id) c.client.sends(a_publish(at_least_once, id));
  for (TicketNumber ticket{1}; ticket <= TicketNumber{4}; ++ticket)
    c.client.settles(ticket, disk_full());
  c.client.when(kOnTime);
  CHECK(c.handed_over() == 5);
  c.client.settles(1);
  c.client.gets(Puback{PacketId(1), {}, {}});
  CHECK(c.handed_over() == 7);
  c.client.settles(2);
  CHECK(c.handed_over() == 8);
  c.client.settles(3).settles(4);
  for (std::uint16_t id = 2; id <= 4; ++id) c.client.gets(Puback{PacketId(id), {}, {}});
}

TEST_CASE("a client is heard while its messages wait", "[protocol][unit]") {
  Waiting c;
  c.client.sends(a_publish(at_least_once, 1)).settles(1, disk_full());
  CHECK(c.client.session().may_read(true, c.server.now));
  c.client.sends(Pingreq{});
  c.client.gets(Pingresp{});
}

TEST_CASE("beyond their bound, waiting messages keep 3.1.1 clients from being read, not v5 ones",
          "[protocol][unit]") {
  Waiting c;
  Client other(c.server, 2);
  other.connects(a_connect(Version::v3_1_1, "other")).next_bytes();
  Client five(c.server, 3);
  five.connects(a_connect(Version::v5, "five")).next_bytes();
  auto large = a_publish(at_least_once, 1);
  const std::string payload(1'000, 'x');
  large.payload = payload;
  c.server.options.max_waiting_bytes = 1'000;

  c.client.sends(large).settles(1, disk_full());
  CHECK(c.server.registry.waiting_bytes() >= 1'000);
  CHECK_FALSE(c.client.session().may_read(true, c.server.now));
  CHECK_FALSE(other.session().may_read(true, c.server.now));
  CHECK(five.session().may_read(true, c.server.now));

  c.client.when(kOnTime).settles(1);
  CHECK(c.client.session().may_read(true, c.server.now));
  CHECK(other.session().may_read(true, c.server.now));
}

TEST_CASE("what waits ends with its connection: the client sends it again", "[protocol][unit]") {
  const auto qos = GENERATE(at_least_once, exactly_once);
  Waiting c(a_lasting_connect(Version::v3_1_1));
  c.client.sends(a_publish(qos, 1)).settles(c.client.handed_over.back().ticket, disk_full());
  c.client.when([](Session& session, SteadyTime now, Actions& actions) {
    session.connection_lost(now, actions);
  });
  CHECK(c.server.registry.waiting_bytes() == 0);
  CHECK_FALSE(c.client.session().is_waiting());

  Client again(c.server, 2);
  again.connects(a_lasting_connect(Version::v3_1_1)).next_bytes();
  auto repeat = a_publish(qos, 1);
  repeat.dup = true;
  again.sends(repeat);
  REQUIRE(again.handed_over.size() == 1);
  again.settles(again.handed_over.back().ticket);
  if (qos == at_least_once) {
    again.gets(Puback{PacketId(1), {}, {}});
  } else {
    again.gets(Pubrec{PacketId(1), {}, {}});
  }
}

TEST_CASE(
    "a QoS 2 message that waits is handed over with its packet id, and a repeat waits with it",
    "[protocol][unit]") {
  Waiting c(a_lasting_connect(Version::v3_1_1));
  c.client.sends(a_publish(exactly_once, 9));
  const auto ticket = c.last_ticket();
  c.client.settles(ticket, disk_full());
  auto repeat = a_publish(exactly_once, 9);
  repeat.dup = true;
  c.client.sends(repeat).when(kOnTime);
  REQUIRE(c.handed_over() == 2);
  REQUIRE(c.client.handed_over[1].changes.size() == 1);
  CHECK(c.client.handed_over[1].changes[0].kind == SessionChange::Kind::remember_packet_id);
  CHECK(c.client.got_nothing());
  c.client.settles(ticket);
  c.client.gets(Pubrec{PacketId(9), {}, {}});
  c.client.gets(Pubrec{PacketId(9), {}, {}});
}

TEST_CASE("PUBCOMP waits until the packet id is forgotten on disk", "[protocol][unit]") {
  const auto version = GENERATE(Version::v3_1_1, Version::v5);
  Waiting c(a_lasting_connect(version));
  c.client.sends(a_publish(exactly_once, 9)).settles(c.client.handed_over.back().ticket);
  c.client.gets(Pubrec{PacketId(9), {}, {}});
  c.client.sends(Pubrel{PacketId(9), {}, {}});
  const auto commits = c.client.commits.size();
  const auto ticket = c.client.commits.back().ticket;
  c.client.settles(ticket, disk_full());
  CHECK(c.client.got_nothing());
  CHECK_FALSE(c.client.closed.has_value());
  c.client.when(kOnTime);
  REQUIRE(c.client.commits.size() == commits + 1);
  CHECK(c.client.commits.back().changes[0].kind == SessionChange::Kind::forget_packet_id);
  c.client.settles(ticket);
  c.client.gets(Pubcomp{PacketId(9), {}, {}});
}

TEST_CASE("a message that can never be stored closes a 3.1.1 connection", "[protocol][unit]") {
  Waiting c;
  const Failure hopeless{Failure::Kind::invalid_input, "no such thing", "Do not send it"};
  c.client.sends(a_publish(at_least_once, 1)).settles(1, hopeless);
  CHECK(c.client.got_nothing());
  CHECK(c.client.closed.has_value());
}

}  // namespace
}  // namespace watchpost::protocol

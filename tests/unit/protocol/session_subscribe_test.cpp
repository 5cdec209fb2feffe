// What a subscriber meets at its session; which messages reach it is the Router's part.
#include <algorithm>

#include "script.hpp"

namespace watchpost::protocol {
namespace {

using namespace testing;

SharedLocalMessage a_publication(Qos qos = Qos::at_least_once) {
  auto publication = std::make_shared<LocalMessage>();
  publication->topic = "a/b";
  publication->payload = "x";
  publication->qos = qos;
  return publication;
}

// As the Router does it.
void post(Client& client, Delivery delivery) {
  auto& outbox = client.state().outbox_now();
  outbox.add(outbox.next_number(), std::move(delivery));
  client.when([](Session& session, SteadyTime now, Actions& actions) {
    session.subscriber()->send_outbox(now, actions);
  });
}

TEST_CASE("each filter of a SUBSCRIBE is granted or refused by itself", "[protocol][unit]") {
  Server server;
  server.rights.forbidden = "secret/#";
  Client five(server, 1);
  five.connects(a_connect()).next_bytes();
  five.sends(Subscribe{PacketId(3), {}, {{"a/#", Qos::exactly_once}, {"a/#/b"}, {"secret/#"}}});
  CHECK(five.got<Suback>().codes == std::vector{ReasonCode::granted_qos_2,
                                                ReasonCode::topic_filter_invalid,
                                                ReasonCode::not_authorized});
  CHECK(five.denied == std::vector<std::string>{"secret/#"});
  CHECK(server.registry.subscriptions().size() == 1);
  five.sends(Unsubscribe{PacketId(4), {}, {"a/#", "b"}});
  five.gets(Unsuback{PacketId(4), {}, {ReasonCode::success, ReasonCode::no_subscription_existed}});
  CHECK(server.registry.subscriptions().empty());

  Client three(server, 2);
  three.connects(a_connect(Version::v3_1_1, "b")).next_bytes();
  three.sends(Subscribe{PacketId(3), {}, {{"a/#"}, {"a+"}}});
  CHECK(three.next_bytes() == bytes("90 04 0003 00 80"));
}

TEST_CASE("a persistent session's subscription is granted once it is durable", "[protocol][unit]") {
  Server server;
  Client client(server, 1);
  client.connects(a_lasting_connect()).next_bytes();
  client.sends(Subscribe{PacketId(3), {}, {{"a/#", Qos::at_least_once}}});
  CHECK(client.got_nothing());
  CHECK(server.registry.subscriptions().empty());
  REQUIRE(client.commits.back().facts.size() == 1);
  const auto fact = std::get<SubscriptionChange>(client.commits.back().facts[0]);
  CHECK(fact.filter == "a/#");
  CHECK(fact.options == 1);

  SECTION("with the commit") {
    client.settles(client.commits.back().ticket);
    CHECK(client.got<Suback>().codes == std::vector{ReasonCode::granted_qos_1});
    CHECK(server.registry.subscriptions().size() == 1);
    client.sends(Unsubscribe{PacketId(4), {}, {"a/#"}});
    CHECK(client.got_nothing());
    CHECK(server.registry.subscriptions().size() == 1);
    client.settles(client.commits.back().ticket);
    CHECK(client.got<Unsuback>().codes == std::vector{ReasonCode::success});
    CHECK(server.registry.subscriptions().empty());
  }
  SECTION("not without it") {
    client.settles(client.commits.back().ticket, disk_full());
    CHECK(client.got<Suback>().codes == std::vector{ReasonCode::implementation_specific_error});
    CHECK(server.registry.subscriptions().empty());
  }
  SECTION("not where the session has ended meanwhile") {
    const auto ticket = client.commits.back().ticket;
    Client other(server, 2);
    other.connects(a_connect());
    client.when([](Session& session, SteadyTime now, Actions& actions) {
      session.taken_over(now, actions);
    });
    client.settles(ticket);
    CHECK(server.registry.subscriptions().empty());
  }
}

TEST_CASE("retained messages come with the subscription, as the client asked", "[protocol][unit]") {
  Server server;
  auto kept = std::make_shared<LocalMessage>(*a_publication());
  kept->retain = true;
  server.retained.keep(kept);
  Client client(server, 1);
  client.connects(a_connect()).next_bytes();
  Subscription wish{"a/#", Qos::at_least_once};
  const auto retained_after = [&](std::uint8_t handling) {
    wish.retain_handling = handling;
    client.sends(Subscribe{PacketId(3), {}, {wish}});
    CHECK(client.got<Suback>().codes == std::vector{ReasonCode::granted_qos_1});
    if (client.got_nothing()) return false;
    const auto publish = client.got<Publish>();
    CHECK(publish.retain);
    CHECK(publish.qos == Qos::at_least_once);
    CHECK(publish.payload == "x");
    return true;
  };
  CHECK_FALSE(retained_after(2));
  CHECK_FALSE(retained_after(1));  // it is not new any more
  CHECK(retained_after(0));
  wish.filter = "+/b";
  CHECK(retained_after(1));
  wish.filter = "$share/g/a/b";
  CHECK_FALSE(retained_after(0));
}

TEST_CASE("a SUBSCRIBE waits for retained messages that came before it", "[protocol][unit]") {
  Server server;
  Client client(server, 1);
  client.connects(a_connect()).next_bytes();
  const auto first = server.retained.begin("a/b");
  const auto second = server.retained.begin("a/b");
  client.sends(Subscribe{PacketId(3), {}, {{"a/#", Qos::at_least_once}}});
  CHECK(client.got_nothing());
  CHECK(client.awaits == second);
  // What the client sends after it stays behind it.
  CHECK_FALSE(client.session().may_read(true, server.now));
  auto kept = std::make_shared<LocalMessage>(*a_publication());
  kept->retain = true;
  server.retained.keep(kept);
  server.retained.end(first);
  CHECK_FALSE(server.retained.is_settled(second));
  server.retained.end(second);
  CHECK(server.retained.is_settled(second));
  const auto look = [](Session& session, SteadyTime now, Actions& actions) {
    session.look_again(now, actions);
  };
  client.when(look);
  CHECK(client.got<Suback>().codes == std::vector{ReasonCode::granted_qos_1});
  CHECK(client.got<Publish>().retain);
  CHECK(client.session().may_read(true, server.now));
  client.when(look);  // it waited once
  CHECK(client.got_nothing());
}

TEST_CASE("Mosquitto's bridge gets no echo, and RETAIN as it was published", "[protocol][unit]") {
  const auto version = GENERATE(Version::v3_1, Version::v3_1_1);
  Server server;
  Client client(server, 1);
  auto bytes = encoded(a_connect(version), version);
  const auto at = bytes.find(static_cast<char>(version), 4);
  bytes.at(at) = static_cast<char>(static_cast<unsigned>(version) | 0x80U);
  client.sends_bytes(bytes);
  CHECK(to_hex(client.next_bytes()) == "20020000");
  client.sends(Subscribe{PacketId(3), {}, {{"a/#", Qos::at_least_once}, {"$share/g/b"}}}, version);
  (void)client.next_bytes();
  const auto& terms = client.state().subscriptions;
  CHECK(terms.at("a/#").no_local);
  CHECK(terms.at("a/#").retain_as_published);
  CHECK_FALSE(terms.at("$share/g/b").no_local);
  CHECK(server.registry.subscriptions().match(*Topic::parse("a/b"), "sensor").empty());
  CHECK(server.registry.subscriptions().match(*Topic::parse("a/b"), "other").size() == 1);
}

TEST_CASE("a client that takes topic aliases is spared the repeated topic", "[protocol][unit]") {
  Server server;
  Client client(server, 1);
  auto connect = a_connect();
  connect.properties.add(PropertyId::topic_alias_maximum, 2);
  connect.properties.add(PropertyId::maximum_packet_size, 100);
  client.connects(connect).next_bytes();
  const auto delivers = [&](std::string topic, std::size_t size = 1) {
    auto one = std::make_shared<LocalMessage>();
    one->topic = std::move(topic);
    one->payload.assign(size, 'x');
    client.when([&](Session& session, SteadyTime now, Actions& actions) {
      session.subscriber()->deliver({one, Qos::at_most_once, false, {}}, now, actions);
    });
  };
  const auto comes_as = [&](std::string_view topic, std::optional<std::uint32_t> alias) {
    const auto got = client.got<Publish>();
    CHECK(got.topic == topic);
    CHECK(got.properties.number(PropertyId::topic_alias) == alias);
  };
  delivers("a");
  comes_as("a", 1U);
  delivers("a");
  comes_as("", 1U);
  // 100 bytes without the alias, which would make it too large: the alias stays free.
  delivers("b", 94);
  comes_as("b", std::nullopt);
  delivers("c");
  comes_as("c", 2U);
  delivers("d");
  comes_as("d", std::nullopt);
  delivers("c");
  comes_as("", 2U);
  const std::string deep(OutboundAliases::kLongestTopic + 1, 't');
  CHECK(OutboundAliases(65'535).most() == OutboundAliases::kMost);
  Publish long_topic;
  long_topic.topic = deep;
  CHECK_FALSE(OutboundAliases(1).shorten(long_topic).has_value());
  CHECK(long_topic.topic == deep);
}

TEST_CASE("the outbox follows the client's window and its acknowledgements", "[protocol][unit]") {
  Server server;
  Client client(server, 1);
  auto connect = a_lasting_connect();
  connect.properties.add(PropertyId::receive_maximum, 1);
  client.connects(connect).next_bytes();
  post(client, {a_publication(), Qos::at_least_once, false, {5}});
  post(client, {a_publication(), Qos::at_least_once, false, {}});
  const auto first = client.got<Publish>();
  CHECK(first.properties.number(PropertyId::subscription_identifier) == 5U);
  const auto id = first.packet_id;
  CHECK(client.got_nothing());
  client.sends(Puback{PacketId(999), {}, {}});  // nothing is known of it: no breach
  client.sends(Puback{id, {}, {}});
  CHECK(client.got<Publish>().packet_id != id);
  REQUIRE(client.later.size() == 1);
  CHECK(std::get<QueuedChange>(client.later[0]).kind == QueuedChange::Kind::gone);
}

TEST_CASE("PUBREL leaves once the persistent session's PUBREC is durable", "[protocol][unit]") {
  Server server;
  Client client(server, 1);
  client.connects(a_lasting_connect()).next_bytes();
  post(client, {a_publication(Qos::exactly_once), Qos::exactly_once, false, {}});
  const auto id = client.got<Publish>().packet_id;
  client.sends(Pubrec{id, {}, {}});
  CHECK(client.got_nothing());
  const auto fact = std::get<QueuedChange>(client.commits.back().facts.at(0));
  CHECK(fact.kind == QueuedChange::Kind::released);
  client.settles(client.commits.back().ticket);
  client.gets(Pubrel{id, {}, {}});
  client.sends(Pubcomp{id, {}, {}});
  CHECK(std::get<QueuedChange>(client.later.back()).kind == QueuedChange::Kind::gone);
  client.sends(Pubrec{PacketId(77), {}, {}});
  client.gets(Pubrel{PacketId(77), ReasonCode::packet_identifier_not_found, {}});
}

TEST_CASE("a PUBREC that could not be committed is tried again, or the message comes again",
          "[protocol][unit]") {
  Server server;
  Client client(server, 1);
  client.connects(a_lasting_connect()).next_bytes();
  post(client, {a_publication(Qos::exactly_once), Qos::exactly_once, false, {}});
  const auto id = client.got<Publish>().packet_id;
  client.sends(Pubrec{id, {}, {}});
  client.settles(client.commits.back().ticket, disk_full());
  CHECK(client.got_nothing());
  const auto before = client.commits.size();

  SECTION("while the client is there") {
    client.when(
        [](Session& session, SteadyTime now, Actions& actions) { session.on_time(now, actions); });
    REQUIRE(client.commits.size() == before + 1);
    client.settles(client.commits.back().ticket);
    client.gets(Pubrel{id, {}, {}});
  }
  SECTION("on its next connection") {
    client.when([](Session& session, SteadyTime now, Actions& actions) {
      session.connection_lost(now, actions);
    });
    Client again(server, 2);
    again.connects(a_lasting_connect()).next_bytes();
    const auto publish = again.got<Publish>();
    CHECK(publish.dup);
    CHECK(publish.packet_id == id);
  }
}

TEST_CASE("a client that does not read gets no more than the bound, and the rest when it does",
          "[protocol][unit]") {
  Server server;
  Client client(server, 1);
  client.connects(a_connect()).next_bytes();
  auto large = std::make_shared<LocalMessage>(*a_publication());
  large->payload.assign(40'000, 'x');
  for (int i = 0; i < 4; ++i) post(client, {large, Qos::at_least_once, false, {}});
  (void)client.got<Publish>();
  (void)client.got<Publish>();
  CHECK(client.got_nothing());
  for (int i = 0; i < 26; ++i) {
    client.when([&](Session& session, SteadyTime now, Actions& actions) {
      session.subscriber()->deliver({large, Qos::at_most_once, false, {}}, now, actions);
    });
    if (i < 25) (void)client.got<Publish>();
  }
  CHECK(client.got_nothing());
  CHECK(client.session().left_out() == 1);
  client.when([](Session& session, SteadyTime now, Actions& actions) {
    session.subscriber()->flushed(now, actions);
  });
  (void)client.got<Publish>();
  (void)client.got<Publish>();
}

TEST_CASE("a message too large for the client counts as sent", "[protocol][unit]") {
  Server server;
  Client client(server, 1);
  auto connect = a_connect();
  connect.properties.add(PropertyId::maximum_packet_size, 200);
  client.connects(connect).next_bytes();
  auto large = std::make_shared<LocalMessage>(*a_publication());
  large->payload.assign(300, 'x');
  post(client, {large, Qos::at_least_once, false, {}});
  CHECK(client.got_nothing());
  CHECK(client.state().outbox->size() == 0);
}

TEST_CASE("properties are passed on, and the expiry counts down", "[protocol][unit]") {
  Server server;
  Client publisher(server, 1);
  publisher.connects(a_connect()).next_bytes();
  auto sent = a_publish(Qos::at_most_once, 0);
  sent.properties.add(PropertyId::message_expiry_interval, 10);
  sent.properties.add(PropertyId::content_type, "text/plain");
  sent.properties.add(PropertyId::response_topic, "answers");
  sent.properties.add(PropertyId::correlation_data, std::string_view("\0\1", 2));
  sent.properties.add_user({.name = "k", .value = "v"});
  sent.properties.add(PropertyId::topic_alias, 1);
  publisher.sends(sent);
  const Message& message = publisher.handed_over.at(0).message;
  auto publication = std::make_shared<LocalMessage>();
  publication->topic = "t";
  publication->properties = *message.properties;
  publication->expires_at = server.now + std::chrono::seconds{message.lifetime_s};

  Client client(server, 2);
  client.connects(a_connect(Version::v5, "display")).next_bytes();
  server.pass(std::chrono::milliseconds{3'500});
  client.when([&](Session& session, SteadyTime now, Actions& actions) {
    session.subscriber()->deliver({publication, Qos::at_most_once, false, {}}, now, actions);
  });
  const auto got = client.got<Publish>();
  CHECK(got.properties.number(PropertyId::message_expiry_interval) == 7U);
  CHECK(got.properties.text(PropertyId::content_type) == "text/plain");
  CHECK(got.properties.text(PropertyId::response_topic) == "answers");
  CHECK(got.properties.text(PropertyId::correlation_data) == std::string_view("\0\1", 2));
  CHECK(got.properties.user("k") == "v");
  CHECK_FALSE(got.properties.number(PropertyId::topic_alias).has_value());
}

}  // namespace
}  // namespace watchpost::protocol

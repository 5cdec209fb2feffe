// The promises of every MqttLink about messages that the owner acknowledges, and about the ways in
// which a link ends, tested with Paho and with our own client against a real Mosquitto.
#include "link_calls.hpp"

namespace watchpost::client {

TEST_CASE("a link whose owner acknowledges says nothing to the server before",
          "[client][contract]") {
  const Kind& kind = kKinds[GENERATE(range(0, kAllKinds))];
  RealSubject on(kind);
  on.start();
  const Linked reader = on.with(reader_options(on));
  const auto& arrivals = reader.heard->arrivals;
  connect_reader(on, reader);
  {
    const Linked writer = connected_writer(on);
    for (int i = 1; i <= 3; ++i) {
      publish(on, writer, saying(static_cast<std::uint64_t>(i), "wp/v1/test/x", std::to_string(i)));
    }
  }
  REQUIRE(run_until(on.io, [&] { return !arrivals.empty(); }));
  run_for(on.io, 300ms);
  // Paho hands over one message at a time.
  CHECK(arrivals.size() == (kind.library == MqttLibrary::own ? 3 : 1));
  CHECK(on.acknowledged_by("reader") == 0);
  for (std::size_t i = 0; i < 3; ++i) {
    REQUIRE(run_until(on.io, [&] { return arrivals.size() > i; }));
    CHECK(arrivals[i].payload == std::to_string(i + 1));
    run_for(on.io, 50ms);
    CHECK(on.acknowledged_by("reader") == i);
    reader->acknowledge(arrivals[i].id);
    REQUIRE(run_until(on.io, [&] { return on.acknowledged_by("reader") == i + 1; }));
  }
  CHECK(reader.heard->lost.empty());
}

TEST_CASE("what was not acknowledged when a link is left comes again, and nothing else",
          "[client][contract]") {
  const Kind& kind = kKinds[GENERATE(range(0, kAllKinds))];
  RealSubject on(kind);
  on.start();
  auto options = reader_options(on);
  options.clean_start = false;
  options.session_expiry = 1h;
  const Linked reader = on.with(options);
  Heard& heard = *reader.heard;
  connect(on, reader);
  CHECK_FALSE(heard.accepted[0].session_present);
  subscribe(on, reader, {"wp/v1/test/#"});
  const Linked writer = connected_writer(on);
  publish(on, writer, saying(1, "wp/v1/test/x", "a"));
  publish(on, writer, saying(2, "wp/v1/test/x", "b"));
  REQUIRE(run_until(on.io, [&] { return !heard.arrivals.empty(); }));
  reader->acknowledge(heard.arrivals[0].id);
  REQUIRE(run_until(on.io, [&] { return heard.arrivals.size() == 2; }));
  reader->leave();
  // This acknowledgement comes too late: its connection has ended.
  reader->acknowledge(heard.arrivals[1].id);
  run_for(on.io, 200ms);
  CHECK(heard.lost.empty());
  CHECK(heard.arrivals.size() == 2);

  connect_again(on, reader);
  CHECK(heard.accepted[1].session_present);
  REQUIRE(run_until(on.io, [&] { return heard.arrivals.size() == 3; }));
  CHECK(heard.payloads() == std::vector<std::string>{"a", "b", "b"});
  CHECK(on.acknowledged_by("reader") == 1);
  reader->acknowledge(heard.arrivals[2].id);
  REQUIRE(run_until(on.io, [&] { return on.acknowledged_by("reader") == 2; }));

  // A clean start begins a session without the messages that the broker kept.
  reader->leave();
  options.clean_start = true;
  const Linked forgetful = on.with(options);
  connect_again(on, forgetful);
  CHECK_FALSE(forgetful.heard->accepted[0].session_present);
}

TEST_CASE("an acknowledgement that was given leaves, although the link is left at once",
          "[client][contract]") {
  const Kind& kind = kKinds[GENERATE(range(0, kAllKinds))];
  RealSubject on(kind);
  on.start();
  const Linked reader = on.with(reader_options(on));
  const auto& arrivals = reader.heard->arrivals;
  connect_reader(on, reader);
  const Linked writer = connected_writer(on);
  publish(on, writer, saying(1, "wp/v1/test/x", "a"));
  REQUIRE(run_until(on.io, [&] { return arrivals.size() == 1; }));
  reader->acknowledge(arrivals[0].id);
  reader->leave();
  CHECK(run_until(on.io, [&] { return on.acknowledged_by("reader") == 1; }));
}

TEST_CASE("a link that is taken over ends with its cause, and the server publishes its will",
          "[client][contract]") {
  const Kind& kind = kKinds[GENERATE(range(0, kAllKinds))];
  RealSubject on(kind);
  on.start();
  const Linked observer(make_link(on.io.get_executor(), MqttLibrary::own, on.options("observer")));
  connect(on, observer, {});
  subscribe(on, observer, {kWill.topic});
  const Linked first = on.linked();
  connect(on, first);
  const Linked second = on.linked();
  connect(on, second);
  REQUIRE(run_until(on.io, [&] { return first.heard->lost.size() == 1; }));
  const LinkEnd& end = first.heard->lost[0];
  CHECK_FALSE(end.failure.remedy.empty());
  CHECK(end.how == end_without_a_word(kind));  // Mosquitto gives no reason
  REQUIRE(run_until(on.io, [&] { return observer.heard->arrivals.size() == 1; }));
  CHECK(observer.heard->arrivals[0].payload == kWill.payload);

  // No will is published after a goodbye.
  second->disconnect(1s);
  REQUIRE(run_until(on.io, [&] { return second.heard->goodbyes == 1; }));
  run_for(on.io, 200ms);
  CHECK(observer.heard->arrivals.size() == 1);
  // The will was retained, at QoS 1.
  const Linked late(make_link(on.io.get_executor(), MqttLibrary::own, on.options("late")));
  connect(on, late, {});
  subscribe(on, late, {kWill.topic});
  REQUIRE(run_until(on.io, [&] { return late.heard->arrivals.size() == 1; }));
  CHECK(late.heard->arrivals[0].retain);
  CHECK(late.heard->arrivals[0].qos == Qos::at_least_once);
}

TEST_CASE("a link tells why the server ended it, where the server can say that",
          "[client][contract]") {
  const Kind& kind = kKinds[GENERATE(range(0, kAllKinds))];
  const bool v5 = kind.protocol == MqttVersion::v5;
  RealSubject on(kind, "retain_available false\n");
  on.start();
  const Linked linked = on.linked();
  connect(on, linked, {});
  CHECK(linked.heard->accepted[0].retain_available == !v5);
  auto retained = a_publication(1);
  retained.retain = true;
  linked->publish(retained);
  REQUIRE(run_until(on.io, [&] { return linked.heard->lost.size() == 1; }));
  const LinkEnd& end = linked.heard->lost[0];
  CHECK_FALSE(end.failure.remedy.empty());
  if (v5) {
    CHECK(end.how == LinkEnd::How::ended);
    CHECK(end.code == 0x9A);  // retain not supported
  } else {
    CHECK(end.how == end_without_a_word(kind));  // MQTT 3.1.1 cannot give a reason
  }
}

// Paho is left out: it sends DISCONNECT where nothing waits to be written.
TEST_CASE("our link that is dropped goes without a word, and the server publishes its will",
          "[client][contract]") {
  RealSubject on(kKinds[GENERATE(3, 4, 5, 6)]);
  on.start();
  const Linked observer = on.with(on.options("observer"));
  connect(on, observer, {});
  subscribe(on, observer, {kWill.topic});
  const Linked linked = on.linked();
  connect(on, linked);
  linked->drop();
  CHECK(run_until(on.io, [&] { return observer.heard->arrivals.size() == 1; }));
}

TEST_CASE("while a link is held nothing arrives, and afterwards all of it", "[client][contract]") {
  const Kind& kind = kKinds[GENERATE(range(0, kAllKinds))];
  RealSubject on(kind);
  on.start();
  const Linked reader = on.with(reader_options(on));
  const auto& arrivals = reader.heard->arrivals;
  reader.heard->on_arrival = [&] {
    if (arrivals.size() == 1) reader->hold(true);
  };
  connect_reader(on, reader);
  const Linked writer = connected_writer(on);
  for (std::uint64_t i = 1; i <= 3; ++i) publish(on, writer, saying(i, "wp/v1/test/x", "held"));
  run_for(on.io, 300ms);
  CHECK(arrivals.size() == 1);
  CHECK(on.acknowledged_by("reader") == 0);

  reader->acknowledge(arrivals[0].id);
  reader->hold(false);
  reader.heard->on_arrival = [&] { reader->acknowledge(arrivals.back().id); };
  REQUIRE(run_until(on.io, [&] { return on.acknowledged_by("reader") == 3; }));
  CHECK(arrivals.size() == 3);

  // The hold ends with the connection.
  reader->hold(true);
  reader->drop();
  connect_reader(on, reader);
  publish(on, writer, saying(4, "wp/v1/test/x", "afterwards"));
  CHECK(run_until(on.io, [&] { return arrivals.back().payload == "afterwards"; }));
}

}  // namespace watchpost::client

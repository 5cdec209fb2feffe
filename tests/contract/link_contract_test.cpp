// The promises of every MqttLink, tested with the fake, with Paho and with our own client against a
// real Mosquitto, in both versions of the protocol, with TLS and without.
#include <algorithm>
#include <array>
#include <cstdio>
#include <set>

#include "link_calls.hpp"
#include "support/denying_broker.hpp"

namespace watchpost::client {
TEST_CASE("a link connects, publishes, hears of acknowledgements and says goodbye",
          "[client][contract]") {
  const auto on = subject(GENERATE(range(-1, kAllKinds)));
  on->start();
  const Linked linked = on->linked();
  Heard& heard = *linked.heard;

  linked->connect(kWill);
  CHECK(heard.accepted.empty());  // the answer never comes inside the call
  REQUIRE(run_until(on->io, [&] { return heard.accepted.size() == 1; }));
  for (std::uint64_t i = 1; i <= 5; ++i) linked->publish(a_publication(i));
  REQUIRE(run_until(on->io, [&] { return heard.answers.size() == 5; }));
  for (const auto& [token, code] : heard.answers) CHECK_FALSE(is_failure(code));

  linked->disconnect(1s);
  REQUIRE(run_until(on->io, [&] { return heard.goodbyes == 1; }));
  CHECK(heard.lost.empty());
  // The same link object can connect again.
  connect(*on, linked);
}

TEST_CASE("a link that ends takes all outstanding tokens with it, once, and connects again",
          "[client][contract]") {
  const auto on = subject(GENERATE(range(-1, kAllKinds)));
  on->start();
  const Linked linked = on->linked();
  Heard& heard = *linked.heard;
  connect(*on, linked);

  on->freeze();
  for (std::uint64_t i = 1; i <= 10; ++i) linked->publish(a_publication(i));
  run_for(on->io, 200ms);
  CHECK(heard.answers.empty());
  on->kill(*linked.link);
  REQUIRE(run_until(on->io, [&] { return !heard.lost.empty(); }));
  // Whoever cannot tell the network from the other side says so.
  const std::array ends{LinkEnd::How::closed, LinkEnd::How::broken, LinkEnd::How::unsaid};
  CHECK(std::count(ends.begin(), ends.end(), heard.lost[0].how) == 1);

  // While the broker is down, an attempt fails with a remedy that helps an operator.
  linked->connect(kWill);
  REQUIRE(run_until(on->io, [&] { return heard.lost.size() == 2; }));
  CHECK(heard.lost[1].how == LinkEnd::How::unreached);
  CHECK_FALSE(heard.lost[1].failure.remedy.empty());
  CHECK(heard.answers.empty());

  on->start();
  connect(*on, linked);
  publish(*on, linked, a_publication(11));
  // A publication of the earlier connection gets no answer on the new one.
  CHECK(heard.answers[0].first == PublishToken{11});
  CHECK(heard.lost.size() == 2);
}

TEST_CASE("a link says content type and encoding by MQTT 5, and nothing by 3.1.1",
          "[client][contract]") {
  const int number = GENERATE(-1, 0, 1, 3, 4);
  const auto on = subject(number);
  on->start();
  const Linked linked = on->linked();
  connect(*on, linked);

  auto event = a_publication(1);
  event.retain = true;
  event.content_type = "application/cloudevents+json";
  auto batch = a_publication(2);
  batch.retain = true;
  batch.content_type = "application/cloudevents-batch+json";
  batch.content_encoding = "zstd";
  auto plain = a_publication(3);
  plain.retain = true;
  for (const auto& each : {event, batch, plain}) publish(*on, linked, each);
  const bool v5 = number < 0 || kKinds[number].protocol == MqttVersion::v5;
  CHECK(on->properties_at(event.topic) == (v5 ? event.content_type + "|" : "|"));
  CHECK(on->properties_at(batch.topic) == (v5 ? batch.content_type + "|zstd" : "|"));
  CHECK(on->properties_at(plain.topic) == "|");
}

TEST_CASE("a link subscribes, and hears what is published there", "[client][contract]") {
  const auto on = subject(GENERATE(range(-1, kAllKinds)));
  on->start();
  const Linked linked = on->linked();
  Heard& heard = *linked.heard;
  connect(*on, linked);

  linked->subscribe({"wp/v1/test/rcpt", "wp/v1/test/too"});
  CHECK(heard.grants.empty());  // the answer never comes inside the call
  REQUIRE(run_until(on->io, [&] { return heard.grants.size() == 2; }));
  for (const ReasonCode code : heard.grants) CHECK(code == ReasonCode{1});
  publish(*on, linked, saying(1, "wp/v1/test/rcpt", "stored"));
  publish(*on, linked, saying(2, "wp/v1/test/other", "nothing"));
  publish(*on, linked, saying(3, "wp/v1/test/too", "again"));
  REQUIRE(run_until(on->io, [&] { return heard.arrivals.size() == 2; }));
  CHECK(heard.payloads() == std::vector<std::string>{"stored", "again"});
  CHECK(heard.arrivals[0].topic == "wp/v1/test/rcpt");
  CHECK(heard.arrivals[0].qos == Qos::at_least_once);

  // A new connection has no subscriptions.
  linked->drop();
  connect(*on, linked);
  publish(*on, linked, saying(4, "wp/v1/test/rcpt", "stored"));
  CHECK(heard.arrivals.size() == 2);
}

TEST_CASE("a link tells what came with a message", "[client][contract]") {
  const int number = GENERATE(0, 1, 3, 4);
  RealSubject on(kKinds[number]);
  on.start();
  const Linked linked = on.linked();
  Heard& heard = *linked.heard;
  connect(on, linked);
  auto kept = saying(1, "wp/v1/test/kept", std::string("zero \0 inside", 13));
  kept.retain = true;
  kept.content_type = "text/plain";
  kept.content_encoding = "zstd";
  publish(on, linked, kept);
  subscribe(on, linked, {"wp/v1/test/#"});
  publish(on, linked, saying(2, "wp/v1/test/news", ""));
  REQUIRE(run_until(on.io, [&] { return heard.arrivals.size() == 2; }));
  const bool v5 = kKinds[number].protocol == MqttVersion::v5;
  CHECK(heard.arrivals[0].retain);  // a copy that the broker kept
  CHECK(heard.arrivals[0].payload == kept.payload);
  CHECK(heard.arrivals[0].content_type == (v5 ? kept.content_type : ""));
  CHECK(heard.arrivals[0].content_encoding == (v5 ? kept.content_encoding : ""));
  CHECK_FALSE(heard.arrivals[1].retain);
  CHECK(heard.arrivals[1].payload.empty());
  CHECK(heard.arrivals[1].content_type.empty());
}

// Paho cannot pass this test: it drops the reason code of a success.
TEST_CASE("our link tells by MQTT 5 that nobody has subscribed", "[client][contract]") {
  const int number = GENERATE(range(0, kAllKinds));
  const auto on = subject(number);
  on->start();
  const Linked linked = on->linked();
  Heard& heard = *linked.heard;
  connect(*on, linked, {});
  publish(*on, linked, a_publication(1));
  const Kind& kind = kKinds[number];
  const bool tells = kind.protocol == MqttVersion::v5 && kind.library == MqttLibrary::own;
  CHECK(heard.answers[0].second == (tells ? ReasonCode{0x10} : ReasonCode{0}));

  subscribe(*on, linked, {a_publication(2).topic});
  publish(*on, linked, a_publication(2));
  CHECK(heard.answers[1].second == ReasonCode{0});
}

// Mosquitto grants every subscription, even where it then sends nothing, so a broker of the tests
// refuses.
TEST_CASE("a link tells which topics it may not read", "[client][contract]") {
  const auto protocol = GENERATE(MqttVersion::v5, MqttVersion::v3_1_1);
  const auto library = GENERATE(MqttLibrary::paho, MqttLibrary::own);
  test::DenyingBroker broker;
  boost::asio::io_context io;
  const auto work = boost::asio::make_work_guard(io);
  LinkOptions options;
  options.url = net::Url::parse(broker.url()).value();
  options.protocol = protocol;
  options.client_id = "contract";
  const Linked linked(make_link(io.get_executor(), library, options));
  Heard& heard = *linked.heard;
  linked->connect(kWill);
  REQUIRE(run_until(io, [&] { return heard.accepted.size() == 1; }));

  linked->subscribe({"wp/v1/test/rcpt", "wp/v1/test/too", "wp/v1/rcpt"});
  REQUIRE(run_until(io, [&] { return heard.grants.size() == 3; }));
  const ReasonCode denied{protocol == MqttVersion::v5 ? std::uint8_t{0x87} : std::uint8_t{0x80}};
  CHECK(heard.grants == std::vector<ReasonCode>{denied, ReasonCode{1}, denied});
  CHECK(heard.lost.empty());
}

TEST_CASE("a link over TLS talks to nobody but the host it was sent to", "[client][contract]") {
  const auto library = GENERATE(MqttLibrary::paho, MqttLibrary::own);
  const bool other_host = GENERATE(true, false);
  test::MosquittoProcess broker({"", "", "", other_host ? "DNS:other.example" : "IP:127.0.0.1"});
  broker.start();
  boost::asio::io_context io;
  const auto work = boost::asio::make_work_guard(io);
  LinkOptions options;
  options.url = net::Url::parse(broker.url()).value();
  options.client_id = "contract";
  if (other_host) options.tls.ca_file = broker.ca_file();
  const Linked linked(make_link(io.get_executor(), library, options));
  linked->connect(kWill);
  REQUIRE(run_until(io, [&] { return linked.heard->lost.size() == 1; }));
  CHECK(linked.heard->accepted.empty());
  const LinkEnd& end = linked.heard->lost[0];
  CHECK(end.how == LinkEnd::How::unreached);
  CHECK(end.failure.kind == Failure::Kind::refused);
  CHECK(end.failure.what.find(other_host ? "is not for the name 127.0.0.1" : "not trusted") !=
        std::string::npos);
  // An owner who switches verification off gets a connection.
  options.tls.verify_server = false;
  const Linked careless(make_link(io.get_executor(), library, options));
  careless->connect(kWill);
  CHECK(run_until(io, [&] { return careless.heard->accepted.size() == 1; }));
}

TEST_CASE("a link gives up a server that is silent, and no other", "[client][contract]") {
  const auto library = GENERATE(MqttLibrary::own, MqttLibrary::paho);
  test::MosquittoProcess broker;
  broker.start();
  boost::asio::io_context io;
  const auto work = boost::asio::make_work_guard(io);
  LinkOptions options;
  options.url = net::Url::parse(broker.url()).value();
  options.client_id = "contract";
  options.keep_alive = 1s;
  const Linked linked(make_link(io.get_executor(), library, options));
  Heard& heard = *linked.heard;
  linked->connect(kWill);
  REQUIRE(run_until(io, [&] { return heard.accepted.size() == 1; }));
  // The link stays idle for longer than the broker would wait for a ping.
  run_for(io, 2500ms);
  REQUIRE(heard.lost.empty());

  broker.freeze();
  const auto begun = std::chrono::steady_clock::now();
  REQUIRE(run_until(io, [&] { return heard.lost.size() == 1; }));
  CHECK(std::chrono::steady_clock::now() - begun < 5s);
  CHECK(heard.lost[0].how == LinkEnd::How::silent);
  CHECK(heard.lost[0].failure.what.find("does not answer a ping") != std::string::npos);
}

TEST_CASE("the fake, too, tells that it may not read a topic", "[client][contract]") {
  boost::asio::io_context io;
  FakeBroker broker;
  broker.denied = "wp/v1/test/rcpt";
  const Linked linked(std::make_unique<FakeLink>(io, broker));
  linked->connect(kWill);
  linked->subscribe({"wp/v1/test/rcpt"});
  io.poll();
  REQUIRE(linked.heard->grants.size() == 1);
  CHECK(is_failure(linked.heard->grants[0]));
}

TEST_CASE("a link with a wrong password is refused with a remedy", "[client][contract]") {
  const int number = GENERATE(range(-1, kAllKinds));
  const auto on = subject(number);
  on->start();
  const Linked linked = on->linked("wrong");
  linked->connect(kWill);
  REQUIRE(run_until(on->io, [&] { return linked.heard->lost.size() == 1; }));
  const LinkEnd& end = linked.heard->lost[0];
  CHECK(end.how == LinkEnd::How::refused);
  // The code for "not authorized" in each version.
  const bool v5 = number < 0 || kKinds[number].protocol == MqttVersion::v5;
  CHECK(end.code == (v5 ? 0x87 : 5));
  CHECK(end.failure.kind == Failure::Kind::refused);
  CHECK(end.failure.remedy.find("password") != std::string::npos);
  CHECK(linked.heard->accepted.empty());
}

TEST_CASE("a link that was dropped or left tells nothing any more", "[client][contract]") {
  const auto on = subject(GENERATE(range(-1, kAllKinds)));
  const bool leaves = GENERATE(false, true);
  on->start();
  const Linked linked = on->linked();
  Heard& heard = *linked.heard;
  const auto end = [&] { leaves ? linked->leave() : linked->drop(); };
  connect(*on, linked);
  linked->publish(a_publication(1));
  const auto begun = std::chrono::steady_clock::now();
  end();
  linked->connect(kWill);
  end();  // while a connect is under way
  linked->connect(kWill);
  // Paho takes a second to let a client go; the I/O thread must not wait for that.
  CHECK(std::chrono::steady_clock::now() - begun < 100ms);
  REQUIRE(run_until(on->io, [&] { return heard.accepted.size() == 2; }));
  CHECK(heard.answers.empty());
  CHECK(heard.lost.empty());
}

TEST_CASE("a link sends 10,000 messages through a window of 64", "[client][contract]") {
  const int number = GENERATE(range(-1, kAllKinds));
  constexpr std::uint64_t kMessages = 10'000;
  const auto on = subject(number);
  on->start();
  const Linked linked = on->linked();
  Heard& heard = *linked.heard;
  connect(*on, linked);

  std::uint64_t sent = 0;
  const auto more = [&] {
    if (sent < kMessages) linked->publish(a_publication(++sent));
  };
  heard.on_answer = more;
  const auto begun = std::chrono::steady_clock::now();
  for (int i = 0; i < 64; ++i) more();
  REQUIRE(run_until(on->io, [&] { return heard.answers.size() == kMessages; }));
  const auto took = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun);

  std::set<PublishToken> tokens;
  for (const auto& [token, code] : heard.answers) tokens.insert(token);
  CHECK(tokens.size() == kMessages);
  std::printf("%s: %.0f acknowledged messages/s, window 64\n",
              number < 0 ? "fake" : kKinds[number].name,
              static_cast<double>(kMessages) / took.count());
}

}  // namespace watchpost::client

// What every Publisher promises, asked of the fake, of Paho and of our own client against a real
// Mosquitto, in both versions of the protocol, with TLS and without.
#include <cstdio>
#include <set>

#include "publisher_stage.hpp"

namespace watchpost::upstream {
namespace {

struct Heard final : PublisherEvents {
  std::vector<LinkTerms> accepted;
  std::vector<Failure> lost;
  std::vector<std::pair<PublishToken, ReasonCode>> answers;
  std::vector<ReasonCode> grants;
  std::vector<std::pair<std::string, std::string>> arrived;
  std::size_t goodbyes = 0;
  std::function<void()> on_answer = [] {};

  void connected(const LinkTerms& terms) override { accepted.push_back(terms); }
  void link_lost(const client::LinkEnd& end) override { lost.push_back(end.failure); }
  void acknowledged(PublishToken token, ReasonCode code) override {
    answers.emplace_back(token, code);
    on_answer();
  }
  void subscribed(ReasonCode code) override { grants.push_back(code); }
  void message_arrived(const std::string& topic, const std::string& payload) override {
    arrived.emplace_back(topic, payload);
  }
  void disconnected() override { ++goodbyes; }
};

// Runs the I/O thread until `condition` holds; false when patience ends first.
template <class Condition>
bool run_until(boost::asio::io_context& io, Condition condition) {
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    io.restart();
    io.run_one_for(50ms);
  }
  return true;
}

Publication a_publication(std::uint64_t token) {
  return {PublishToken{token}, "wp/v1/test/" + std::to_string(token % 7), std::string(200, 'x'),
          false};
}

const Will kWill{"wp/v1/test/online", "offline"};

}  // namespace

TEST_CASE("a publisher connects, publishes, acknowledges and says goodbye",
          "[upstream][contract]") {
  const auto on = subject(GENERATE(range(-1, static_cast<int>(std::size(kKinds)))));
  on->start();
  Heard heard;
  const auto publisher = on->publisher(kPassword);
  publisher->observe(heard);

  publisher->connect(kWill);
  CHECK(heard.accepted.empty());  // never from inside a call
  REQUIRE(run_until(on->io, [&] { return heard.accepted.size() == 1; }));
  for (std::uint64_t i = 1; i <= 5; ++i) publisher->publish(a_publication(i));
  REQUIRE(run_until(on->io, [&] { return heard.answers.size() == 5; }));
  for (const auto& [token, code] : heard.answers) CHECK_FALSE(is_failure(code));

  publisher->disconnect(1s);
  REQUIRE(run_until(on->io, [&] { return heard.goodbyes == 1; }));
  CHECK(heard.lost.empty());
  // And again, on a fresh link.
  publisher->connect(kWill);
  REQUIRE(run_until(on->io, [&] { return heard.accepted.size() == 2; }));
}

TEST_CASE("a publisher loses all outstanding tokens with the link, once, and connects again",
          "[upstream][contract]") {
  const auto on = subject(GENERATE(range(-1, static_cast<int>(std::size(kKinds)))));
  on->start();
  Heard heard;
  const auto publisher = on->publisher(kPassword);
  publisher->observe(heard);
  publisher->connect(kWill);
  REQUIRE(run_until(on->io, [&] { return heard.accepted.size() == 1; }));

  on->freeze();
  for (std::uint64_t i = 1; i <= 10; ++i) publisher->publish(a_publication(i));
  on->io.restart();
  on->io.run_for(200ms);
  CHECK(heard.answers.empty());
  on->kill(*publisher);
  REQUIRE(run_until(on->io, [&] { return !heard.lost.empty(); }));

  // Down: the attempt fails with something an operator can use.
  publisher->connect(kWill);
  REQUIRE(run_until(on->io, [&] { return heard.lost.size() == 2; }));
  CHECK_FALSE(heard.lost[1].remedy.empty());
  CHECK(heard.answers.empty());

  on->start();
  publisher->connect(kWill);
  REQUIRE(run_until(on->io, [&] { return heard.accepted.size() == 2; }));
  publisher->publish(a_publication(11));
  REQUIRE(run_until(on->io, [&] { return heard.answers.size() == 1; }));
  // Nothing of the old link is answered on the new one.
  CHECK(heard.answers[0].first == PublishToken{11});
  CHECK(heard.lost.size() == 2);
}

TEST_CASE("a publisher says content type and encoding by MQTT 5, and nothing by 3.1.1",
          "[upstream][contract]") {
  const int number = GENERATE(-1, 0, 1, 3, 4);
  const auto on = subject(number);
  on->start();
  Heard heard;
  const auto publisher = on->publisher(kPassword);
  publisher->observe(heard);
  publisher->connect(kWill);
  REQUIRE(run_until(on->io, [&] { return heard.accepted.size() == 1; }));

  auto event = a_publication(1);
  event.retain = true;
  event.content_type = "application/cloudevents+json";
  auto batch = a_publication(2);
  batch.retain = true;
  batch.content_type = "application/cloudevents-batch+json";
  batch.content_encoding = "zstd";
  auto plain = a_publication(3);
  plain.retain = true;
  for (const auto& each : {event, batch, plain}) publisher->publish(each);
  REQUIRE(run_until(on->io, [&] { return heard.answers.size() == 3; }));
  const bool v5 = number < 0 || kKinds[number].protocol == MqttVersion::v5;
  CHECK(on->properties_at(event.topic) == (v5 ? event.content_type + "|" : "|"));
  CHECK(on->properties_at(batch.topic) == (v5 ? batch.content_type + "|zstd" : "|"));
  CHECK(on->properties_at(plain.topic) == "|");
}

TEST_CASE("a publisher subscribes, and hears what is published there", "[upstream][contract]") {
  const auto on = subject(GENERATE(range(-1, static_cast<int>(std::size(kKinds)))));
  on->start();
  Heard heard;
  const auto publisher = on->publisher(kPassword);
  publisher->observe(heard);
  publisher->connect(kWill);
  REQUIRE(run_until(on->io, [&] { return heard.accepted.size() == 1; }));

  publisher->subscribe("wp/v1/test/rcpt");
  CHECK(heard.grants.empty());  // never from inside a call
  REQUIRE(run_until(on->io, [&] { return heard.grants.size() == 1; }));
  CHECK_FALSE(is_failure(heard.grants[0]));
  publisher->publish({PublishToken{1}, "wp/v1/test/rcpt", "stored", false});
  publisher->publish({PublishToken{2}, "wp/v1/test/other", "nothing", false});
  REQUIRE(run_until(on->io, [&] { return heard.answers.size() == 2 && !heard.arrived.empty(); }));
  CHECK(heard.arrived ==
        std::vector<std::pair<std::string, std::string>>{{"wp/v1/test/rcpt", "stored"}});

  // A fresh link has no subscriptions.
  publisher->drop();
  publisher->connect(kWill);
  REQUIRE(run_until(on->io, [&] { return heard.accepted.size() == 2; }));
  publisher->publish({PublishToken{3}, "wp/v1/test/rcpt", "stored", false});
  REQUIRE(run_until(on->io, [&] { return heard.answers.size() == 3; }));
  CHECK(heard.arrived.size() == 1);
}

// Paho does not: of a success it drops the code.
TEST_CASE("our publisher tells by MQTT 5 that nobody has subscribed", "[upstream][contract]") {
  const int number = GENERATE(range(0, static_cast<int>(std::size(kKinds))));
  const auto on = subject(number);
  on->start();
  Heard heard;
  const auto publisher = on->publisher(kPassword);
  publisher->observe(heard);
  publisher->connect({});
  REQUIRE(run_until(on->io, [&] { return heard.accepted.size() == 1; }));
  publisher->publish(a_publication(1));
  REQUIRE(run_until(on->io, [&] { return heard.answers.size() == 1; }));
  const Kind& kind = kKinds[number];
  const bool tells = kind.protocol == MqttVersion::v5 && kind.client == Client::own;
  CHECK(hearing_of(heard.answers[0].second) == (tells ? Hearing::nobody : Hearing::somebody));
  CHECK_FALSE(is_failure(heard.answers[0].second));

  publisher->subscribe(a_publication(2).topic);
  REQUIRE(run_until(on->io, [&] { return heard.grants.size() == 1; }));
  publisher->publish(a_publication(2));
  REQUIRE(run_until(on->io, [&] { return heard.answers.size() == 2; }));
  CHECK(hearing_of(heard.answers[1].second) == Hearing::somebody);
}

// Mosquitto grants every subscription and then sends nothing, so a broker of our own says no.
TEST_CASE("a publisher tells that it may not read a topic", "[upstream][contract]") {
  const auto protocol = GENERATE(MqttVersion::v5, MqttVersion::v3_1_1);
  const auto client = GENERATE(Client::paho, Client::own);
  test::DenyingBroker broker;
  boost::asio::io_context io;
  const auto work = boost::asio::make_work_guard(io);
  PublisherOptions options;
  options.url = net::Url::parse(broker.url()).value();
  options.protocol = protocol;
  options.client_id = "contract";
  Heard heard;
  const auto publisher = publisher_of(client, io, options);
  publisher->observe(heard);
  publisher->connect(kWill);
  REQUIRE(run_until(io, [&] { return heard.accepted.size() == 1; }));

  publisher->subscribe("wp/v1/test/rcpt");
  REQUIRE(run_until(io, [&] { return heard.grants.size() == 1; }));
  CHECK(heard.grants[0] ==
        ReasonCode{protocol == MqttVersion::v5 ? std::uint8_t{0x87} : std::uint8_t{0x80}});
  CHECK(heard.lost.empty());
}

TEST_CASE("a publisher over TLS talks to nobody but the host it was sent to",
          "[upstream][contract]") {
  const auto client = GENERATE(Client::paho, Client::own);
  const bool other_host = GENERATE(true, false);
  test::MosquittoProcess broker({"", "", "", other_host ? "DNS:other.example" : "IP:127.0.0.1"});
  broker.start();
  boost::asio::io_context io;
  const auto work = boost::asio::make_work_guard(io);
  PublisherOptions options;
  options.url = net::Url::parse(broker.url()).value();
  options.client_id = "contract";
  if (other_host) options.tls.ca_file = broker.ca_file();
  Heard heard;
  const auto publisher = publisher_of(client, io, options);
  publisher->observe(heard);
  publisher->connect(kWill);
  REQUIRE(run_until(io, [&] { return heard.lost.size() == 1; }));
  CHECK(heard.accepted.empty());
  CHECK(heard.lost[0].kind == Failure::Kind::refused);
  CHECK(heard.lost[0].what.find(other_host ? "is not for the name 127.0.0.1" : "is not trusted") !=
        std::string::npos);
  // Whoever switches verifying off gets what he asked for.
  options.tls.verify_server = false;
  const auto careless = publisher_of(client, io, options);
  careless->observe(heard);
  careless->connect(kWill);
  CHECK(run_until(io, [&] { return heard.accepted.size() == 1; }));
}

TEST_CASE("our publisher gives up a broker that is silent, and no other", "[upstream][contract]") {
  test::MosquittoProcess broker;
  broker.start();
  boost::asio::io_context io;
  const auto work = boost::asio::make_work_guard(io);
  PublisherOptions options;
  options.url = net::Url::parse(broker.url()).value();
  options.client_id = "contract";
  options.keep_alive = 1s;
  Heard heard;
  AsioPublisher publisher(io.get_executor(), options);
  publisher.observe(heard);
  publisher.connect(kWill);
  REQUIRE(run_until(io, [&] { return heard.accepted.size() == 1; }));
  // Idle for longer than the broker would wait for a ping.
  io.restart();
  io.run_for(2500ms);
  REQUIRE(heard.lost.empty());

  broker.freeze();
  const auto begun = std::chrono::steady_clock::now();
  REQUIRE(run_until(io, [&] { return heard.lost.size() == 1; }));
  CHECK(std::chrono::steady_clock::now() - begun < 5s);
  CHECK(heard.lost[0].what.find("does not answer a ping") != std::string::npos);
}

TEST_CASE("the fake tells the same", "[upstream][contract]") {
  boost::asio::io_context io;
  FakeBroker broker;
  broker.denied = "wp/v1/test/rcpt";
  Heard heard;
  FakePublisher publisher(io, broker);
  publisher.observe(heard);
  publisher.connect(kWill);
  publisher.subscribe("wp/v1/test/rcpt");
  io.poll();
  REQUIRE(heard.grants.size() == 1);
  CHECK(is_failure(heard.grants[0]));
}

TEST_CASE("a publisher with a wrong password is refused with a remedy", "[upstream][contract]") {
  const auto on = subject(GENERATE(range(-1, static_cast<int>(std::size(kKinds)))));
  on->start();
  Heard heard;
  const auto publisher = on->publisher("wrong");
  publisher->observe(heard);
  publisher->connect(kWill);
  REQUIRE(run_until(on->io, [&] { return heard.lost.size() == 1; }));
  CHECK(heard.lost[0].kind == Failure::Kind::refused);
  CHECK(heard.lost[0].remedy.find("password") != std::string::npos);
  CHECK(heard.accepted.empty());
}

TEST_CASE("a publisher tells nothing of a link that was dropped", "[upstream][contract]") {
  const auto on = subject(GENERATE(range(-1, static_cast<int>(std::size(kKinds)))));
  on->start();
  Heard heard;
  const auto publisher = on->publisher(kPassword);
  publisher->observe(heard);
  publisher->connect(kWill);
  REQUIRE(run_until(on->io, [&] { return heard.accepted.size() == 1; }));
  publisher->publish(a_publication(1));
  const auto begun = std::chrono::steady_clock::now();
  publisher->drop();
  publisher->connect(kWill);
  publisher->drop();  // while a connect is under way
  publisher->connect(kWill);
  // Paho takes a second to let a client go; the I/O thread does not.
  CHECK(std::chrono::steady_clock::now() - begun < 100ms);
  REQUIRE(run_until(on->io, [&] { return heard.accepted.size() == 2; }));
  CHECK(heard.answers.empty());
  CHECK(heard.lost.empty());
}

TEST_CASE("a publisher sends 10,000 messages through a window of 64", "[upstream][contract]") {
  const int number = GENERATE(range(-1, static_cast<int>(std::size(kKinds))));
  constexpr std::uint64_t kMessages = 10'000;
  const auto on = subject(number);
  on->start();
  Heard heard;
  const auto publisher = on->publisher(kPassword);
  publisher->observe(heard);
  publisher->connect(kWill);
  REQUIRE(run_until(on->io, [&] { return heard.accepted.size() == 1; }));

  std::uint64_t sent = 0;
  const auto more = [&] {
    if (sent < kMessages) publisher->publish(a_publication(++sent));
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

}  // namespace watchpost::upstream

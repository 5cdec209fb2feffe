// The broker reader against a real Mosquitto: a PUBACK means that the message is committed.
#include <cstdio>
#include <optional>

#include "broker_reader_peer.hpp"

namespace watchpost::test {
namespace {

using namespace std::chrono_literals;
using ingress::BrokerReader;
using ingress::BrokerState;

std::size_t count_in(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

// Three messages on their way through a reader; the test holds their tickets.
struct ThreeUnanswered {
  MosquittoProcess broker{kept_by("")};
  ReaderStage stage;
  std::vector<CustodyTicket> held;
  std::optional<BrokerReader> reader;

  explicit ThreeUnanswered(Speaking speaking) {
    broker.start();
    stage.intake.when_submitted = [this](const Message&, CustodyTicket ticket) {
      held.push_back(std::move(ticket));
    };
    reader.emplace(stage.around(), ReaderStage::options(broker.url(), speaking));
    reader->start();
    REQUIRE(stage.run_until([this] { return reader->status().state == BrokerState::reading; }));
    publish(broker, "-q 1 -t z/smoke", "a\nb\nc\n");
  }
  [[nodiscard]] std::size_t acknowledged() const {
    return count_in(broker.log_text(), "Received PUBACK from watchpost-reader");
  }
};

}  // namespace

TEST_CASE("no PUBACK of ours leaves before the commit, and all in the order of arrival",
          "[ingress][system]") {
  const Speaking speaking = GENERATE(kOwn5, kOwn3);
  ThreeUnanswered three(speaking);
  ReaderStage& stage = three.stage;
  auto& held = three.held;
  const auto acknowledged = [&] { return three.acknowledged(); };
  REQUIRE(stage.run_until([&] { return held.size() == 3; }));
  stage.io.run_for(300ms);
  CHECK(acknowledged() == 0);

  held[0].settle(Result<void>());
  REQUIRE(stage.run_until([&] { return acknowledged() == 1; }));
  // The third message is settled before the second, so its PUBACK waits for the second.
  held[2].settle(Result<void>());
  stage.io.run_for(300ms);
  CHECK(acknowledged() == 1);
  held[1].settle(Result<void>());
  REQUIRE(stage.run_until([&] { return acknowledged() == 3; }));
  CHECK(three.reader->status().kept == 3);
  const std::string log = three.broker.log_text();
  const auto first = log.find("Mid: 1, RC:");
  CHECK(first < log.find("Mid: 2, RC:"));
  CHECK(log.find("Mid: 2, RC:") < log.find("Mid: 3, RC:"));
}

TEST_CASE("a message that fails takes those behind it with it, and all come again in order",
          "[ingress][system]") {
  const Speaking speaking = GENERATE(kOwn5, kOwn3);
  MosquittoProcess broker(kept_by(""));
  broker.start();
  ReaderStage stage;
  std::vector<std::pair<std::string, CustodyTicket>> held;
  stage.intake.when_submitted = [&](const Message& message, CustodyTicket ticket) {
    held.emplace_back(message.payload, std::move(ticket));
  };
  BrokerReader reader(stage.around(), ReaderStage::options(broker.url(), speaking));
  reader.start();
  REQUIRE(stage.run_until([&] { return reader.status().state == BrokerState::reading; }));
  publish(broker, "-q 1 -t z/smoke", "a\nb\nc\n");
  REQUIRE(stage.run_until([&] { return held.size() == 3; }));

  held[0].second.settle(Result<void>());
  held[1].second.settle(Failure{Failure::Kind::storage, "disk full", "Free some"});
  held[2].second.settle(Result<void>());  // too late: the link has ended
  CHECK(reader.status().refused == 2);
  REQUIRE(stage.run_until([&] { return held.size() == 5; }));
  CHECK(held[3].first == "b");
  CHECK(held[4].first == "c");
  held[3].second.settle(Result<void>());
  held[4].second.settle(Result<void>());
  REQUIRE(stage.run_until(
      [&] { return count_in(broker.log_text(), "Received PUBACK from watchpost-reader") == 3; }));
}

TEST_CASE("no PUBACK of Paho leaves before the commit, one message a commit", "[ingress][system]") {
  const Speaking speaking = GENERATE(kPaho5, kPaho3);
  ThreeUnanswered three(speaking);
  ReaderStage& stage = three.stage;
  auto& held = three.held;
  const auto acknowledged = [&] { return three.acknowledged(); };
  REQUIRE(stage.run_until([&] { return held.size() == 1; }));
  stage.io.run_for(500ms);
  // Paho hands over one message for each commit, so the second message is still with Paho.
  CHECK(held.size() == 1);
  CHECK(acknowledged() == 0);

  held[0].settle(Result<void>());
  REQUIRE(stage.run_until([&] { return held.size() == 2 && acknowledged() == 1; }));
  held[1].settle(Result<void>());
  REQUIRE(stage.run_until([&] { return held.size() == 3; }));
  held[2].settle(Result<void>());
  REQUIRE(stage.run_until([&] { return acknowledged() == 3; }));
  CHECK(three.reader->status().kept == 3);
}

TEST_CASE("a message that was not committed is refused and comes again", "[ingress][system]") {
  const Speaking speaking = GENERATE(kOwn5, kOwn3, kPaho5, kPaho3);
  const auto broken = GENERATE(0, 1);  // a failed commit, or none in time
  MosquittoProcess broker(kept_by(""));
  broker.start();
  ReaderStage stage;
  std::vector<std::string> arrivals;
  stage.intake.when_submitted = [&](const Message& message, const CustodyTicket& ticket) {
    arrivals.push_back(message.payload);
    if (arrivals.size() <= 2) {
      if (broken == 0) ticket.settle(Failure{Failure::Kind::storage, "disk full", "Free some"});
      return;
    }
    ticket.settle(Result<void>());
  };
  auto options = ReaderStage::options(broker.url(), speaking);
  options.custody_timeout = 300ms;
  BrokerReader reader(stage.around(), options);
  reader.start();
  REQUIRE(stage.run_until([&] { return reader.status().state == BrokerState::reading; }));

  publish(broker, "-q 2 -t other/x -m precious");
  REQUIRE(stage.run_until([&] { return arrivals.size() >= 2; }));
  CHECK(count_in(broker.log_text(), "Received PUBACK from watchpost-reader") == 0);
  REQUIRE(stage.run_until(
      [&] { return count_in(broker.log_text(), "Received PUBACK from watchpost-reader") == 1; }));
  CHECK(arrivals == std::vector<std::string>(3, "precious"));
  CHECK(reader.status().refused == 2);
  CHECK(reader.status().kept == 1);
}

TEST_CASE("what can never be kept is acknowledged, and what is behind it is read",
          "[ingress][system]") {
  MosquittoProcess broker(kept_by(""));
  broker.start();
  ReaderStage stage;
  std::vector<std::string> arrivals;
  stage.intake.when_submitted = [&](const Message& message, const CustodyTicket& ticket) {
    arrivals.push_back(message.payload);
    if (message.payload == "ours") {
      ticket.settle(Failure{Failure::Kind::invalid_input, "an event of our own", "Look who sends"});
      return;
    }
    ticket.settle(Result<void>());
  };
  BrokerReader reader(stage.around(), ReaderStage::options(broker.url(), kOwn5));
  reader.start();
  REQUIRE(stage.run_until([&] { return reader.status().state == BrokerState::reading; }));
  publish(broker, "-q 1 -t z/smoke", "ours\nalarm\n");
  REQUIRE(stage.run_until(
      [&] { return count_in(broker.log_text(), "Received PUBACK from watchpost-reader") == 2; }));
  CHECK(arrivals == std::vector<std::string>{"ours", "alarm"});
  CHECK(reader.status().kept == 1);
}

TEST_CASE("a broker that has forgotten our session is told of", "[ingress][system]") {
  const Speaking speaking = GENERATE(kOwn5, kOwn3, kPaho5);
  const bool keeps = GENERATE(true, false);
  MosquittoProcess broker(kept_by(keeps ? kPersistent : ""));
  broker.start();
  ReaderStage stage;
  BrokerReader reader(stage.around(), ReaderStage::options(broker.url(), speaking));
  CHECK_FALSE(reader.status().keeps_for);  // nothing is known of this broker
  reader.start();
  REQUIRE(stage.run_until([&] { return reader.status().state == BrokerState::reading; }));
  stage.io.run_for(1'500ms);  // persistent: it has written the session
  broker.terminate();
  REQUIRE(stage.run_until([&] { return reader.status().state != BrokerState::reading; }));
  CHECK(reader.status().keeps_for == std::chrono::hours{1});
  broker.start();
  REQUIRE(stage.run_until([&] { return reader.status().state == BrokerState::reading; }));
  CHECK(reader.status().session_lost == !keeps);
  CHECK(stage.log.says(LogLevel::error, "had forgotten this box") == !keeps);
}

TEST_CASE("a reader that stops gives the waiting message back", "[ingress][system]") {
  const Speaking speaking = GENERATE(kOwn5, kPaho5);
  MosquittoProcess broker(kept_by(""));
  broker.start();
  ReaderStage stage;
  int arrived = 0;
  stage.intake.when_submitted = [&](const Message&, const CustodyTicket&) { ++arrived; };
  {
    BrokerReader reader(stage.around(), ReaderStage::options(broker.url(), speaking));
    reader.start();
    REQUIRE(stage.run_until([&] { return reader.status().state == BrokerState::reading; }));
    publish(broker, "-q 1 -t z/smoke -m waiting");
    REQUIRE(stage.run_until([&] { return arrived == 1; }));
    reader.stop();
    CHECK(reader.status().state == BrokerState::stopped);
  }
  CHECK(count_in(broker.log_text(), "Received PUBACK from watchpost-reader") == 0);

  stage.intake.when_submitted = [&](const Message& message, const CustodyTicket& ticket) {
    CHECK(message.payload == "waiting");
    ++arrived;
    ticket.settle(Result<void>());
  };
  BrokerReader again(stage.around(), ReaderStage::options(broker.url(), speaking));
  again.start();
  REQUIRE(stage.run_until([&] { return arrived == 2; }));
}

TEST_CASE("retained messages are marked, and topic, qos and source are kept", "[ingress][system]") {
  const Speaking speaking = GENERATE(kOwn5, kPaho5);
  MosquittoProcess broker(kept_by(""));
  broker.start();
  publish(broker, "-q 1 -r -t z/old -m stored");
  ReaderStage stage;
  std::vector<Message> messages;
  stage.intake.when_submitted = [&](Message message, const CustodyTicket& ticket) {
    messages.push_back(std::move(message));
    ticket.settle(Result<void>());
  };
  BrokerReader reader(stage.around(), ReaderStage::options(broker.url(), speaking));
  reader.start();
  REQUIRE(stage.run_until([&] { return messages.size() == 1; }));
  publish(broker, "-q 1 -V 5 -D publish content-type application/json -t z/new -m {}");
  REQUIRE(stage.run_until([&] { return messages.size() == 2; }));
  CHECK(messages[0].stored_copy);
  CHECK(messages[0].topic.text() == "z/old");
  CHECK_FALSE(messages[1].stored_copy);
  CHECK(messages[1].content_type == "application/json");
  CHECK(messages[1].source == "office");
}

TEST_CASE("a reader waits while intake accepts nothing, and connects again after a restart",
          "[ingress][system]") {
  const Speaking speaking = GENERATE(kOwn5, kPaho5);
  MosquittoProcess broker(kept_by(kPersistent));
  broker.start();
  ReaderStage stage;
  int kept = 0;
  stage.intake.when_submitted = [&](const Message&, const CustodyTicket& ticket) {
    ++kept;
    ticket.settle(Result<void>());
  };
  BrokerReader reader(stage.around(), ReaderStage::options(broker.url(), speaking));
  reader.start();
  REQUIRE(stage.run_until([&] { return reader.status().state == BrokerState::reading; }));
  stage.intake.open = false;
  publish(broker, "-q 1 -t z/a -m 1");
  stage.io.run_for(200ms);
  CHECK(kept == 0);
  stage.intake.accept_again();
  REQUIRE(stage.run_until([&] { return kept == 1; }));

  broker.kill();
  REQUIRE(stage.run_until([&] { return reader.status().state == BrokerState::waiting; }));
  CHECK(reader.status().failure);
  broker.start();
  REQUIRE(stage.run_until([&] { return reader.status().state == BrokerState::reading; }));
  CHECK_FALSE(reader.status().failure);
}

// Paho holds its lock while a callback waits for the commit; the commit needs the I/O thread, which
// must not wait for that lock.
TEST_CASE("publishing upstream does not block the I/O thread while a reader waits",
          "[ingress][upstream][system]") {
  const Speaking speaking = kPaho5;
  struct Heard final : client::LinkObserver {
    bool up = false;
    int answers = 0;
    void connected(const client::LinkTerms&) override { up = true; }
    void link_lost(const client::LinkEnd& end) override { FAIL(end.failure.sentence()); }
    void acknowledged(client::PublishToken, client::ReasonCode) override { ++answers; }
    void arrived(const client::Arrival&) override {}
    void subscribed(std::span<const client::ReasonCode>) override {}
    void disconnected() override {}
  } heard;
  MosquittoProcess broker(kept_by(""));
  broker.start();
  ReaderStage stage;
  client::LinkOptions options;
  options.url = net::Url::parse(broker.url()).value();
  options.client_id = "street";
  const auto link = make_link(stage.io.get_executor(), MqttLibrary::paho, options);
  link->observe(heard);
  link->connect({});
  std::vector<CustodyTicket> held;
  stage.intake.when_submitted = [&](const Message&, CustodyTicket ticket) {
    held.push_back(std::move(ticket));
  };
  BrokerReader reader(stage.around(), ReaderStage::options(broker.url(), speaking));
  reader.start();
  REQUIRE(
      stage.run_until([&] { return heard.up && reader.status().state == BrokerState::reading; }));
  publish(broker, "-q 1 -t z/a -m 1");
  REQUIRE(stage.run_until([&] { return held.size() == 1; }));

  const auto begun = std::chrono::steady_clock::now();
  link->publish({client::PublishToken{1}, "wp/v1/x", "payload", false});
  stage.io.run_for(200ms);
  CHECK(std::chrono::steady_clock::now() - begun < 1s);
  CHECK(heard.answers == 0);  // Paho is held up, the I/O thread is not
  held[0].settle(Result<void>());
  REQUIRE(stage.run_until([&] { return heard.answers == 1; }));

  // A refused message costs the reader its connection, but no other link.
  publish(broker, "-q 1 -t z/a -m 2");
  REQUIRE(stage.run_until([&] { return held.size() == 2; }));
  held[1].settle(Failure{Failure::Kind::storage, "disk full", "Free some"});
  REQUIRE(stage.run_until([&] { return held.size() == 3; }));
  held[2].settle(Result<void>());
  link->publish({client::PublishToken{2}, "wp/v1/x", "payload", false});
  REQUIRE(stage.run_until([&] { return heard.answers == 2; }));
  reader.stop();
}

TEST_CASE("the reader's rate, with a commit that costs nothing", "[ingress][system]") {
  constexpr int kMessages = 5'000;
  const Speaking speaking = GENERATE(kOwn5, kOwn3, kPaho5, kPaho3);
  MosquittoProcess broker(kept_by(""));
  broker.start();
  ReaderStage stage;
  int kept = 0;
  stage.intake.when_submitted = [&](const Message&, const CustodyTicket& ticket) {
    boost::asio::post(stage.io, [&kept, ticket] {
      ++kept;
      ticket.settle(Result<void>());
    });
  };
  BrokerReader reader(stage.around(), ReaderStage::options(broker.url(), speaking));
  reader.start();
  REQUIRE(stage.run_until([&] { return reader.status().state == BrokerState::reading; }));
  std::string lines;
  for (int i = 0; i < kMessages; ++i) lines += std::string(200, 'x') + "\n";
  publish(broker, "-q 1 -t z/a", lines);
  const auto begun = std::chrono::steady_clock::now();
  const int before = kept;
  REQUIRE(stage.run_until([&] { return kept == kMessages; }));
  const auto took = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun);
  std::printf("broker reader, %s, MQTT %s: %.0f messages/s with a commit that costs nothing\n",
              speaking.client == MqttLibrary::own ? "own client" : "Paho",
              speaking.protocol == MqttVersion::v5 ? "5" : "3.1.1",
              (kMessages - before) / took.count());
}

}  // namespace watchpost::test

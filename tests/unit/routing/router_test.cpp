#include "routing/router.hpp"

#include "support/catch.hpp"
#include "support/fake_intake.hpp"
#include "support/manual_clock.hpp"

namespace watchpost::routing {
namespace {

using protocol::SessionRegistry;
using protocol::SessionState;
using protocol::SubscriptionTerms;

class Sender final : public CustodySink {
 public:
  void settled(TicketNumber, const Result<void>& outcome) override {
    outcomes.push_back(outcome.has_value());
  }
  std::vector<bool> outcomes;
};

struct Bench final : Subscribers {
  Bench() { router = std::make_shared<Router>(around()); }
  Router::Surroundings around() {
    return {intake, clock, registry.subscriptions(), retained, *this};
  }
  void deliver(ConnectionId connection, const Delivery& delivery) override {
    got.push_back(std::to_string(connection.value) + ":" + delivery.publication->payload);
  }
  void send_outbox(ConnectionId connection) override {
    got.push_back(std::to_string(connection.value) + ":outbox");
  }
  void retained_settled() override { ++settled; }
  void not_retained(const std::string& topic) override { refused.push_back(topic); }

  std::shared_ptr<SessionState> subscriber(const std::string& id, std::uint64_t connection, Qos qos,
                                           std::chrono::seconds expiry = {}) {
    protocol::Actions actions;
    SessionRegistry::Request request;
    request.client_id = id;
    request.connection = ConnectionId{connection};
    request.expiry = expiry;
    auto state = registry.open(std::move(request), clock.steady(), actions)->state;
    SubscriptionTerms terms;
    terms.maximum_qos = qos;
    REQUIRE(registry.subscriptions().add(state, "a/#", terms));
    return state;
  }
  void publish(std::string topic, std::string payload, Qos qos, bool retain = false) {
    Message message{.topic = *Topic::parse(topic)};
    message.payload = std::move(payload);
    message.qos = qos;
    message.retain = retain;
    message.source = "sensor";
    router->submit(std::move(message), {}, {sender, TicketNumber{1}});
  }

  support::FakeIntake intake;
  support::ManualClock clock;
  SessionRegistry registry{{100}, 1};
  protocol::RetainedMessages retained;
  std::shared_ptr<Sender> sender = std::make_shared<Sender>();
  std::vector<std::string> got;
  std::vector<std::string> refused;
  int settled = 0;
  std::shared_ptr<Router> router;
};

TEST_CASE("a message reaches its subscribers once it is committed, and not before",
          "[routing][unit]") {
  Bench bench;
  const auto one = bench.subscriber("one", 7, Qos::at_most_once);
  bench.publish("a/b", "x", Qos::at_least_once);
  bench.publish("elsewhere", "y", Qos::at_least_once);
  CHECK(bench.got.empty());
  bench.intake.settle_message(0);
  CHECK(bench.got == std::vector<std::string>{"7:x"});
  CHECK(bench.sender->outcomes == std::vector{true});
  bench.intake.settle_message(1);
  CHECK(bench.got.size() == 1);
}

TEST_CASE("what was not committed reaches nobody", "[routing][unit]") {
  Bench bench;
  const auto one = bench.subscriber("one", 7, Qos::at_least_once);
  bench.publish("a/b", "x", Qos::at_least_once, true);
  bench.intake.settle_message(0, Failure{Failure::Kind::storage, "broken", ""});
  CHECK(bench.got.empty());
  CHECK(bench.sender->outcomes == std::vector{false});
  CHECK(bench.retained.size() == 0);
  CHECK(one->outbox->size() == 0);
}

TEST_CASE("a topic keeps its order although the commits do not", "[routing][unit]") {
  Bench bench;
  const auto one = bench.subscriber("one", 7, Qos::at_most_once);
  bench.publish("a/b", "1", Qos::at_least_once);
  bench.publish("a/b", "2", Qos::at_least_once);
  bench.publish("a/c", "3", Qos::at_least_once);
  bench.publish("a/b", "4", Qos::at_least_once);
  bench.intake.settle_message(1);  // an alarm, say
  CHECK(bench.got.empty());
  bench.intake.settle_message(2);
  CHECK(bench.got == std::vector<std::string>{"7:3"});
  bench.intake.settle_message(0, Failure{Failure::Kind::refused, "no room", ""});
  bench.intake.settle_message(3);
  CHECK(bench.got == std::vector<std::string>{"7:3", "7:2", "7:4"});
}

TEST_CASE("what a persistent session is to get is committed with the message", "[routing][unit]") {
  Bench bench;
  const auto lasting = bench.subscriber("lasting", 7, Qos::at_least_once, std::chrono::hours{1});
  const auto passing = bench.subscriber("passing", 8, Qos::at_least_once);
  lasting->connection.reset();
  bench.publish("a/b", "x", Qos::exactly_once);
  const auto& facts = bench.intake.submissions.at(0).facts;
  REQUIRE(facts.size() == 1);
  const auto& queued = std::get<QueuedChange>(facts[0]);
  CHECK(queued.client_id == "lasting");
  CHECK(queued.delivery.qos == Qos::at_least_once);
  CHECK(queued.delivery.publication->payload == "x");
  bench.intake.settle_message(0);
  CHECK(lasting->outbox->size() == 0);  // its client is away: it is on disk, and nowhere else
  CHECK(passing->outbox->size() == 1);
  CHECK(bench.got == std::vector<std::string>{"8:outbox"});

  // QoS 0 is for those who are there.
  bench.publish("a/b", "y", Qos::at_most_once);
  CHECK(bench.intake.submissions.at(1).facts.empty());
  bench.intake.settle_message(1);
  CHECK(bench.got == std::vector<std::string>{"8:outbox", "8:y"});
}

TEST_CASE("what a persistent session is to get waits for nothing, and keeps its order",
          "[routing][unit]") {
  Bench bench;
  const auto lasting = bench.subscriber("lasting", 7, Qos::at_least_once, std::chrono::hours{1});
  const auto passing = bench.subscriber("passing", 8, Qos::at_most_once);
  lasting->outbox_now().connected(10);
  bench.publish("a/b", "0", Qos::at_most_once);  // waits for company on its way to the commit
  bench.publish("a/b", "1", Qos::at_least_once);
  bench.publish("a/c", "2", Qos::at_least_once);
  bench.intake.settle_message(1);
  bench.intake.settle_message(2);
  std::vector<std::uint64_t> gone;
  for (const char* payload : {"1", "2"}) {
    const auto next = lasting->outbox->next(bench.clock.steady(), gone);
    REQUIRE(next);
    CHECK(next->delivery->publication->payload == payload);
  }
  CHECK(bench.got == std::vector<std::string>{"7:outbox", "7:outbox", "8:2"});
  bench.intake.settle_message(0);
  CHECK(bench.got == std::vector<std::string>{"7:outbox", "7:outbox", "8:2", "7:0", "8:0", "8:1"});
}

TEST_CASE("a retained message is kept once it is committed, and only where it is new",
          "[routing][unit]") {
  Bench bench;
  bench.publish("r", "on", Qos::at_least_once, true);
  CHECK(bench.retained.size() == 0);
  REQUIRE(bench.intake.submissions.at(0).facts.size() == 1);
  bench.intake.settle_message(0);
  CHECK(bench.retained.size() == 1);
  bench.publish("r", "on", Qos::at_least_once, true);
  CHECK(bench.intake.submissions.at(1).facts.empty());
  bench.publish("r", "", Qos::at_least_once, true);
  CHECK(bench.intake.submissions.at(2).facts.size() == 1);
  bench.intake.settle_message(2);
  CHECK(bench.retained.size() == 0);
}

TEST_CASE("what follows on a retained topic is weighed with what is on its way",
          "[routing][unit]") {
  Bench bench;
  bench.publish("r", "on", Qos::at_most_once, true);
  // Nothing is retained yet, and yet this changes something.
  bench.publish("r", "", Qos::at_most_once, true);
  CHECK(bench.intake.submissions.at(1).facts.size() == 1);
  bench.publish("r", "on", Qos::at_most_once, true);
  bench.publish("r", "", Qos::at_most_once, true);
  const auto last = bench.retained.last_begun();
  for (std::size_t i = 0; i < 4; ++i) {
    CHECK_FALSE(bench.retained.is_settled(last));
    CHECK(bench.settled == static_cast<int>(i));
    bench.intake.settle_message(
        i, i == 2 ? Result<void>{Failure{Failure::Kind::refused, "", ""}} : Result<void>{});
  }
  CHECK(bench.retained.is_settled(last));
  CHECK(bench.settled == 4);
  CHECK(bench.retained.size() == 0);
  bench.publish("r", "", Qos::at_most_once, true);
  CHECK(bench.intake.submissions.at(4).facts.empty());
}

TEST_CASE("what the server tells of itself reaches those who ask for it, and no store",
          "[routing][unit]") {
  Bench bench;
  const auto one = bench.subscriber("one", 7, Qos::exactly_once, std::chrono::hours{1});
  const auto away = bench.subscriber("away", 8, Qos::at_most_once);
  away->connection.reset();
  for (const auto& session : {one, away}) {
    REQUIRE(bench.registry.subscriptions().add(session, "$SYS/#", {}));
    REQUIRE(bench.registry.subscriptions().add(session, "#", {}));
  }
  auto told = std::make_shared<LocalMessage>();
  told->topic = "$SYS/broker/uptime";
  told->payload = "1 seconds";
  told->retain = true;
  bench.router->tell(told);
  CHECK(bench.got == std::vector<std::string>{"7:1 seconds"});
  CHECK(bench.intake.submissions.empty());
  CHECK(bench.retained.size() == 0);
  const auto matches = [&](const char* filter) {
    std::size_t effort = protocol::RetainedMessages::kMostEffort;
    return bench.retained.match(*TopicFilter::parse(filter), bench.clock.steady(), 10, effort)
        .size();
  };
  CHECK(matches("$SYS/#") == 1);
  CHECK(matches("$SYS/broker/+") == 1);
  CHECK(matches("#") == 0);
  CHECK(matches("+/broker/uptime") == 0);
}

TEST_CASE("a session that ended meanwhile gets nothing", "[routing][unit]") {
  Bench bench;
  const auto one = bench.subscriber("one", 7, Qos::at_least_once);
  bench.publish("a/b", "x", Qos::at_least_once);
  protocol::Actions actions;
  bench.registry.close(one, ConnectionId{7}, bench.clock.steady(), actions);
  bench.intake.settle_message(0);
  CHECK(bench.got.empty());
  CHECK(bench.registry.subscriptions().empty());
}

TEST_CASE("a message that settles after the router is gone is settled all the same",
          "[routing][unit]") {
  Bench bench;
  const auto one = bench.subscriber("one", 7, Qos::at_least_once);
  bench.publish("a/b", "x", Qos::at_least_once);
  bench.router.reset();
  bench.intake.settle_message(0);
  CHECK(bench.sender->outcomes == std::vector{true});
  CHECK(bench.got.empty());
}

TEST_CASE("who reads the log gets other gateways' events from there only", "[routing][unit]") {
  Bench bench;
  const auto street = bench.subscriber("street", 1, Qos::at_least_once);
  const auto display = bench.subscriber("display", 2, Qos::at_least_once);
  for (const auto& session : {street, display}) {
    REQUIRE(bench.registry.subscriptions().add(session, "wp/v1/#", {Qos::at_least_once}));
  }
  bench.registry.read_log("street");
  bench.publish("wp/v1/310118/106/203/village-a/alarm/fire/kitchen", "{}", Qos::at_least_once);
  bench.publish("a/b", "x", Qos::at_least_once);
  bench.intake.settle_message(0);
  bench.intake.settle_message(1);
  CHECK(bench.got == std::vector<std::string>{"2:outbox", "1:outbox", "2:outbox"});
}

}  // namespace
}  // namespace watchpost::routing

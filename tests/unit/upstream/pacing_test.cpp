#include <set>

#include "client/connect_refusal.hpp"
#include "unit/upstream/stage.hpp"

namespace watchpost::upstream {
namespace {

using namespace std::chrono_literals;
using upstream_test::Stage;

std::size_t count_with(const std::vector<Publication>& events, const std::string& part) {
  return static_cast<std::size_t>(std::count_if(
      events.begin(), events.end(),
      [&part](const Publication& each) { return each.topic.find(part) != std::string::npos; }));
}

}  // namespace

TEST_CASE("the rate of telemetry is limited, and alarms do not wait but count",
          "[upstream][unit]") {
  Stage stage;
  stage.spool.commit(EventClass::telemetry, 10'000);
  UplinkOptions options;
  options.max_rate = 100;
  stage.open(options);
  CHECK(stage.events().empty());
  for (int i = 0; i < 100; ++i) stage.pass(100ms);
  // At most what ten seconds allow was sent.
  CHECK(stage.events().size() <= 1'010);
  CHECK(stage.events().size() >= 980);

  const auto before = stage.events().size();
  stage.spool.commit(EventClass::alarm, 50);
  stage.run();
  CHECK(count_with(stage.events(), "/alarm/") == 50);
  for (int i = 0; i < 10; ++i) stage.pass(100ms);
  CHECK(stage.events().size() <= before + 115);
  CHECK(stage.events().size() >= before + 85);
}

TEST_CASE("a storm of alarms holds the others up for a second at most", "[upstream][unit]") {
  Stage stage;
  UplinkOptions options;
  options.max_rate = 100;
  stage.open(options);
  stage.spool.commit(EventClass::alarm, 5'000);
  stage.spool.commit(EventClass::telemetry, 100);
  stage.run();
  CHECK(count_with(stage.events(), "/alarm/") == 5'000);
  for (int i = 0; i < 12; ++i) stage.pass(100ms);
  CHECK(count_with(stage.events(), "/telemetry/") > 10);
}

TEST_CASE("a bucket never gives more than its rate and a tenth of a second's worth",
          "[upstream][unit]") {
  std::mt19937 random(11);
  for (const std::uint32_t rate : {1U, 7U, 100U, 100'000U}) {
    TokenBucket bucket(rate);
    SteadyTime now{1h};
    bucket.start_empty(now);
    std::uint64_t taken = 0;
    const SteadyTime begun = now;
    for (int i = 0; i < 5'000; ++i) {
      now += std::chrono::microseconds{random() % 20'000};
      while (bucket.has_one(now)) {
        bucket.take(now);
        ++taken;
      }
      CHECK(bucket.ready_at() > now);
      CHECK(bucket.ready_at() <= now + 1s + 2us);
      const std::chrono::duration<double> passed = now - begun;
      REQUIRE(static_cast<double>(taken) <= passed.count() * rate + std::max(1.0, rate / 10.0));
    }
    const std::chrono::duration<double> passed = now - begun;
    CHECK(static_cast<double>(taken) >= passed.count() * rate * 0.8 - 1);
  }
}

TEST_CASE("a district's gateways do not come back in one second when their broker was restarted",
          "[upstream][unit]") {
  constexpr int kGateways = 500;
  std::mt19937_64 random(3);
  std::map<long, int> connects;  // number of connects in each second
  std::map<long, int> flows;
  for (int i = 0; i < kGateways; ++i) {
    ReconnectPlan plan({1s, 60s}, 10s);
    const SteadyTime lost{1h};
    const auto connected = plan.after_good_link(lost, ReconnectPlan::Waiting::no_alarm, random());
    ++connects[(connected - lost) / 1s];
    // The time of a connect by a box that finds the broker still down for five minutes.
    SteadyTime at = connected;
    while (at < lost + 5min) at = plan.after_failure(at, random());
    ++flows[(plan.flows_from(at, random()) - lost) / 1s];
  }
  for (const auto& [second, count] : connects) {
    CAPTURE(second);
    CHECK(count <= kGateways / 5);
  }
  CHECK(connects.size() >= 10);
  for (const auto& [second, count] : flows) {
    CAPTURE(second);
    CHECK(count <= kGateways / 10);
  }
}

TEST_CASE("uplink spreads its return, unless an alarm waits", "[upstream][unit]") {
  UplinkOptions options;
  options.reconnect_spread = 1h;
  Stage stage;
  stage.spreads = true;
  stage.open(options);
  stage.pass(20s);
  stage.lose_link();
  REQUIRE(stage.uplink->status().next_attempt);
  CHECK(*stage.uplink->status().next_attempt - stage.clock.now > 1s);
  // Telemetry does not change the planned moment, an alarm does.
  const auto planned = *stage.uplink->status().next_attempt;
  stage.spool.commit(EventClass::telemetry);
  stage.run();
  CHECK(*stage.uplink->status().next_attempt == planned);
  stage.spool.commit(EventClass::alarm);
  stage.run();
  CHECK(*stage.uplink->status().next_attempt - stage.clock.now <= 1s);
  stage.pass(1s);
  CHECK(stage.uplink->status().state == UplinkState::connected);
  CHECK(count_with(stage.events(), "/alarm/") == 1);
  CHECK(count_with(stage.events(), "/telemetry/") == 1);
}

TEST_CASE("after a long outage the backlog begins to flow spread, alarms at once",
          "[upstream][unit]") {
  Stage stage;
  stage.spreads = true;
  stage.open();
  stage.pass(20s);
  stage.broker.up = false;
  stage.lose_link();
  stage.spool.commit(EventClass::telemetry, 5);
  stage.spool.commit(EventClass::alarm, 5);
  for (int i = 0; i < 10; ++i) stage.pass(61s);
  stage.broker.up = true;
  stage.pass(61s);
  REQUIRE(stage.uplink->status().state == UplinkState::connected);
  CHECK(count_with(stage.events(), "/alarm/") == 5);
  CHECK(count_with(stage.events(), "/telemetry/") == 0);
  stage.pass(10s);
  CHECK(count_with(stage.events(), "/telemetry/") == 5);
}

TEST_CASE("a publish that is never answered ends the link, whatever else is answered",
          "[upstream][unit]") {
  Stage stage;
  UplinkOptions options;
  options.acknowledge_timeout = 30s;
  stage.open(options);
  stage.broker.answers = false;
  stage.spool.commit(EventClass::telemetry);
  stage.run();
  for (int i = 0; i < 29; ++i) {
    stage.spool.commit(EventClass::alarm);
    stage.run();
    stage.publisher->acknowledge(stage.events().back().token);
    stage.pass(1s);
  }
  CHECK(stage.uplink->status().state == UplinkState::connected);
  stage.pass(1s);
  CHECK(stage.uplink->status().state == UplinkState::waiting);
}

TEST_CASE("a slow link that answers in order has time for all of its window", "[upstream][unit]") {
  Stage stage;
  UplinkOptions options;
  options.acknowledge_timeout = 30s;
  stage.open(options);
  stage.broker.answers = false;
  stage.spool.commit(EventClass::telemetry, 50);
  stage.run();
  const auto sent = stage.events();
  REQUIRE(sent.size() == 50);
  for (const auto& each : sent) {
    stage.pass(20s);
    stage.publisher->acknowledge(each.token);
    stage.run();
  }
  CHECK(stage.broker.connects == 1);
  CHECK(stage.cursor(EventClass::telemetry) == Seq{50});
}

TEST_CASE("a connect that is never answered is tried again", "[upstream][unit]") {
  Stage stage;
  stage.broker.answers = false;
  stage.open();
  CHECK(stage.uplink->status().state == UplinkState::connecting);
  stage.pass(29s);
  CHECK(stage.uplink->status().state == UplinkState::connecting);
  stage.pass(1s);
  CHECK(stage.uplink->status().state == UplinkState::waiting);
  CHECK(stage.failure().find("not answered a connect") != std::string::npos);
  stage.broker.answers = true;
  stage.pass(1s);
  CHECK(stage.uplink->status().state == UplinkState::connected);
}

TEST_CASE("a subscribe, or the state of the gateway, that is never answered ends the link",
          "[upstream][unit]") {
  const bool state_answered = GENERATE(false, true);
  Stage stage;
  stage.broker.answers = false;
  UplinkOptions options;
  options.forwarding.custody.fill(Custody::receipt);
  stage.open(options);
  stage.publisher->accept();
  stage.run();
  REQUIRE(stage.uplink->status().state == UplinkState::connected);
  if (state_answered) stage.publisher->acknowledge(stage.states().back().token);
  stage.pass(30s);
  CHECK(stage.uplink->status().state == UplinkState::waiting);
}

TEST_CASE("in every state that waits for the other side a timer is set", "[upstream][unit]") {
  // The uplink's own timer runs in real time, so only the moment for which it is set is checked.
  Stage stage;
  stage.broker.answers = false;
  UplinkOptions options;
  options.connect_timeout = 20ms;
  options.reconnect = {10ms, 10ms};
  stage.open(options);
  stage.clock.now += 1s;
  stage.io.restart();
  stage.io.run_for(200ms);
  CHECK(stage.uplink->status().state == UplinkState::waiting);
}

TEST_CASE("uplink stays below a Receive Maximum of one or two, whatever it sends",
          "[upstream][unit]") {
  const std::size_t most = GENERATE(1U, 2U, 3U);
  Stage stage;
  stage.broker.terms.receive_maximum = most;
  stage.broker.answers = false;
  stage.spool.commit(EventClass::alarm, 5);
  stage.open();
  stage.publisher->accept();
  stage.run();
  for (std::size_t answered = 0; answered < 6; ++answered) {
    REQUIRE(stage.broker.received.size() - answered <= std::max<std::size_t>(most - 1, 1));
    REQUIRE(stage.broker.received.size() > answered);
    stage.publisher->acknowledge(stage.broker.received[answered].token);
    stage.run();
  }
  CHECK(stage.cursor(EventClass::alarm) == Seq{5});
}

TEST_CASE("every code of a refused connect has a cause and a remedy", "[upstream][unit]") {
  for (int code = 1; code <= 0xFF; ++code) {
    CAPTURE(code);
    const Failure failure = client::connect_refusal("mqtt://127.0.0.1:1884", {code, {}});
    CHECK(failure.kind == Failure::Kind::refused);
    CHECK(failure.what.find("mqtt://127.0.0.1:1884") != std::string::npos);
    CHECK_FALSE(failure.remedy.empty());
  }
  // Every code of MQTT 5.0 table 3-1 and 3.1.1 table 3.1 is known.
  for (const int code :
       {1,    2,    3,    4,    5,    0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87,
        0x88, 0x89, 0x8A, 0x8C, 0x90, 0x95, 0x97, 0x99, 0x9A, 0x9B, 0x9C, 0x9D, 0x9F}) {
    CAPTURE(code);
    CHECK(client::connect_refusal("", {code, {}}).what.find("a reason we do not know") ==
          std::string::npos);
  }
}

}  // namespace watchpost::upstream

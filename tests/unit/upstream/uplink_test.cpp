#include <boost/json.hpp>

#include "unit/upstream/stage.hpp"

namespace watchpost::upstream {
namespace {

using namespace std::chrono_literals;
using upstream_test::Stage;

}  // namespace

TEST_CASE("uplink says online with a will that says offline", "[upstream][unit]") {
  Stage stage;
  stage.open();

  REQUIRE(stage.broker.received.size() == 1);
  const auto& online = stage.broker.received[0];
  CHECK(online.topic == "wp/v1/310118/106/203/zhaoxiang-03/status/gateway/online");
  CHECK(online.retain);
  CHECK(online.payload.find(R"("state":"online")") != std::string::npos);
  CHECK(stage.broker.wills[0].topic == online.topic);
  CHECK(stage.broker.wills[0].payload.find(R"("state":"offline")") != std::string::npos);
  CHECK(stage.uplink->status().state == UplinkState::connected);
}

TEST_CASE("uplink forwards what is committed and saves the cursor", "[upstream][unit]") {
  Stage stage;
  stage.spool.commit(EventClass::telemetry, 500);
  stage.open();
  stage.spool.commit(EventClass::alarm, 3);
  stage.run();

  CHECK(stage.events().size() == 503);
  CHECK(stage.cursor(EventClass::telemetry) == Seq{500});
  CHECK(stage.cursor(EventClass::alarm) == Seq{3});
  CHECK(stage.uplink->status().counts.acknowledged == 503);
  CHECK(stage.uplink->status().in_flight == 0);
}

TEST_CASE("uplink moves no cursor before the acknowledgement", "[upstream][unit]") {
  Stage stage;
  stage.open();
  stage.broker.answers = false;
  stage.spool.commit(EventClass::alarm, 2);
  stage.run();

  REQUIRE(stage.events().size() == 2);
  CHECK(stage.cursor(EventClass::alarm) == Seq{0});
  CHECK(stage.uplink->status().backlog[index_of(EventClass::alarm)] == 2);

  stage.publisher->acknowledge(stage.events()[0].token);
  stage.run();
  CHECK(stage.cursor(EventClass::alarm) == Seq{1});
}

TEST_CASE("uplink sends again after a lost link, with jittered waits and one log line",
          "[upstream][unit]") {
  Stage stage;
  stage.open();
  stage.broker.answers = false;
  stage.spool.commit(EventClass::patrol, 3);
  stage.run();
  stage.broker.up = false;
  stage.lose_link();

  CHECK(stage.uplink->status().state == UplinkState::waiting);
  CHECK(stage.failure().find("the cable is out. Check the network") != std::string::npos);
  REQUIRE(stage.uplink->status().next_attempt);
  for (int i = 0; i < 20; ++i) stage.pass(61s);
  CHECK(stage.broker.connects == 21);
  CHECK(stage.log.count("Connection refused") == 1);

  stage.broker.up = true;
  stage.broker.answers = true;
  stage.pass(61s);
  CHECK(stage.uplink->status().state == UplinkState::connected);
  CHECK(stage.failure().empty());
  CHECK(stage.events().size() == 6);
  // The same record gives the same event, so that the receiver recognises the repeat.
  CHECK(stage.events()[0].payload == stage.events()[3].payload);
  CHECK(stage.cursor(EventClass::patrol) == Seq{3});
}

TEST_CASE("uplink drops a link that leaves a publish unacknowledged too long", "[upstream][unit]") {
  Stage stage;
  UplinkOptions options;
  options.acknowledge_timeout = 30s;
  stage.open(options);
  stage.broker.answers = false;
  stage.spool.commit(EventClass::alarm);
  stage.run();

  stage.pass(29s);
  CHECK(stage.uplink->status().state == UplinkState::connected);
  CHECK(stage.uplink->status().oldest_unacknowledged == SteadyDuration{29s});
  stage.pass(1s);
  CHECK(stage.uplink->status().state == UplinkState::waiting);
  CHECK(stage.failure().find("not acknowledged") != std::string::npos);

  stage.broker.answers = true;
  stage.pass(61s);
  CHECK(stage.cursor(EventClass::alarm) == Seq{1});
}

TEST_CASE("uplink publishes its state unretained where the broker keeps nothing",
          "[upstream][unit]") {
  Stage stage;
  stage.broker.terms.retain_available = false;
  stage.open();
  REQUIRE(stage.broker.received.size() == 1);
  CHECK_FALSE(stage.broker.received[0].retain);
}

TEST_CASE("uplink does not send what the broker says is too large, and goes on behind it",
          "[upstream][unit]") {
  Stage stage;
  stage.broker.terms.maximum_packet_size = 700;
  stage.open();
  stage.spool.device = std::string(400, 'x');
  stage.spool.commit(EventClass::alarm);
  stage.spool.device = "smoke-3f-07";
  stage.spool.commit(EventClass::alarm);
  stage.run();
  REQUIRE(stage.events().size() == 1);
  CHECK(stage.events()[0].payload.find("7f3a0001.a.2") != std::string::npos);
  CHECK(stage.cursor(EventClass::alarm) == Seq{2});
  REQUIRE(stage.spool.aside.size() == 1);
  CHECK(stage.spool.aside.at(1).record.seq == Seq{1});
  CHECK(stage.spool.aside.at(1).reason_code == 0x95);
  CHECK(stage.log.count("packet too large") == 1);
  CHECK(sentence_of(stage.uplink->status().set_aside_why.value(), Language::english)
            .find("packet too large") != std::string::npos);
}

TEST_CASE("uplink stays below the broker's receive maximum", "[upstream][unit]") {
  Stage stage;
  stage.broker.terms.receive_maximum = 20;
  stage.open();
  stage.broker.answers = false;
  stage.spool.commit(EventClass::alarm, 100);
  stage.run();
  CHECK(stage.uplink->status().in_flight == 18);
}

TEST_CASE("uplink reads again after a failed read", "[upstream][unit]") {
  Stage stage;
  stage.open();
  stage.spool.fail_reads = 1;
  stage.spool.commit(EventClass::alarm);
  stage.run();
  CHECK(stage.events().empty());
  stage.pass(1s);
  CHECK(stage.events().size() == 1);
}

TEST_CASE("uplink reports the end of a log that is gone before its cursor passes it",
          "[upstream][unit]") {
  Stage stage;
  stage.spool.commit(EventClass::telemetry, 2);
  stage.spool.hole(EventClass::telemetry, 3);
  stage.open();
  stage.run();

  REQUIRE(stage.spool.losses.size() == 1);
  CHECK(stage.spool.losses[0].first == Seq{3});
  CHECK(stage.spool.losses[0].last == Seq{5});
  CHECK(stage.spool.cursor("street", EventClass::telemetry) == Seq{5});
}

TEST_CASE("uplink says once that its backlog cannot be read, and once that it can",
          "[upstream][unit]") {
  Stage stage;
  stage.open();
  stage.spool.fail_reads = 10;
  stage.spool.commit(EventClass::alarm);
  stage.run();
  for (int i = 0; i < 5; ++i) stage.pass(1s);
  CHECK(stage.log.count("the disk hums") == 1);
  CHECK(stage.uplink->status().backlog_not_readable);
  CHECK(stage.failure().find("the log") != std::string::npos);
  for (int i = 0; i < 10; ++i) stage.pass(1s);
  CHECK(stage.events().size() == 1);
  CHECK(stage.log.count("can be read again") == 1);
  CHECK(stage.failure().empty());
}

TEST_CASE("uplink stops after what is under way, says offline and goodbye", "[upstream][unit]") {
  Stage stage;
  stage.open();
  stage.broker.answers = false;
  stage.spool.commit(EventClass::alarm, 2);
  stage.run();
  bool stopped = false;
  stage.uplink->stop(5s, [&stopped] { stopped = true; });
  stage.spool.commit(EventClass::alarm);
  stage.run();
  CHECK_FALSE(stopped);
  CHECK(stage.events().size() == 2);

  stage.broker.answers = true;
  for (const auto& event : stage.events()) stage.publisher->acknowledge(event.token);
  stage.run();

  CHECK(stopped);
  CHECK(stage.cursor(EventClass::alarm) == Seq{2});
  CHECK(stage.broker.received.back().payload.find("offline") != std::string::npos);
  CHECK(stage.broker.goodbyes == 1);
  CHECK(stage.uplink->status().state == UplinkState::stopped);
}

TEST_CASE("uplink stops at the deadline when no acknowledgement comes", "[upstream][unit]") {
  Stage stage;
  stage.open();
  stage.broker.answers = false;
  stage.spool.commit(EventClass::alarm);
  stage.run();
  bool stopped = false;
  stage.uplink->stop(5s, [&stopped] { stopped = true; });
  stage.pass(4s);
  CHECK_FALSE(stopped);
  stage.pass(1s);
  CHECK(stopped);
  CHECK(stage.cursor(EventClass::alarm) == Seq{0});
}

TEST_CASE("uplink has the state of another gateway's link retained, and none of its events",
          "[upstream][unit]") {
  const std::string village = "wp/v1/310118/106/203/village-1/";
  for (const bool retains : {true, false}) {
    Stage stage;
    stage.broker.terms.retain_available = retains;
    stage.open();
    stage.broker.received.clear();
    stage.spool.relayed_topic = village + "status/gateway/online";
    stage.spool.commit(EventClass::status);
    stage.spool.relayed_topic = village + "alarm/fire/kitchen";
    stage.spool.commit(EventClass::alarm);
    stage.run();
    REQUIRE(stage.broker.received.size() == 2);
    for (const auto& publication : stage.broker.received) {
      const bool state = publication.topic == village + "status/gateway/online";
      CHECK(publication.payload == R"({"smoke":true,"battery":97})");
      CHECK(publication.retain == (state && retains));
    }
  }
}

TEST_CASE("uplink promises none of its own numbers that relayed events have", "[upstream][unit]") {
  Stage stage;
  stage.spool.relayed_topic = "wp/v1/310118/106/203/village-1/telemetry/water/pond";
  stage.spool.commit(EventClass::telemetry, 5);
  stage.open();
  CHECK(stage.cursor(EventClass::telemetry) == Seq{5});
  stage.lose_link();
  stage.pass(1min);
  const auto state = boost::json::parse(stage.states().back().payload).at("data");
  CHECK(state.at("oldest").at("telemetry") == 1);
}

TEST_CASE("an uplink that is gone hears no more commits", "[upstream][unit]") {
  Stage stage;
  stage.open();
  stage.spool.commit(EventClass::alarm);
  stage.uplink.reset();
  stage.run();
  stage.spool.commit(EventClass::alarm);
  stage.run();
  CHECK(stage.events().size() == 0);
}

}  // namespace watchpost::upstream

// What an uplink reports about a link that keeps ending.
#include "model/trouble_catalogue.hpp"
#include "unit/upstream/stage.hpp"

namespace watchpost::upstream {
namespace {

using namespace std::chrono_literals;
using client::LinkEnd;
using upstream_test::Stage;

const Failure kClosed = failure_of(Failure::Kind::unavailable,
                                   trouble<TroubleCode::link_closed>(arg<"url">("mqtt://street")));

void close_by_peer(Stage& stage) {
  stage.publisher->lose(kClosed, LinkEnd::How::closed);
  stage.run();
}

TroubleCode cause_of(const Stage& stage) {
  const auto& failure = stage.uplink->status().failure;
  return failure ? failure->code : TroubleCode::see_log;
}

UplinkOptions named() {
  UplinkOptions options;
  options.client_id = "watchpost-zhaoxiang-03-street";
  return options;
}

}  // namespace

TEST_CASE("a class that is refused before the link ends is the reason, also between two links",
          "[upstream][unit]") {
  Stage stage;
  stage.broker.judge = [](const Publication& publication) {
    const bool alarm = publication.topic.find("/alarm/") != std::string::npos;
    return ReasonCode{alarm ? std::uint8_t{0x87} : std::uint8_t{0}};
  };
  stage.open(named());
  stage.spool.commit(EventClass::alarm);
  stage.run();
  close_by_peer(stage);
  REQUIRE(cause_of(stage) == TroubleCode::link_refused);
  CHECK(stage.failure().find("/zhaoxiang-03/alarm/#") != std::string::npos);
  CHECK(stage.failure().find("0x87") != std::string::npos);
  CHECK(stage.log.count("soon after. Look whether gateway.area") == 1);

  // The link is back, but only for a moment, so the trouble stays.
  stage.pass(2s);
  REQUIRE(stage.uplink->status().state == UplinkState::connected);
  CHECK(stage.uplink->status().link_unsteady);
  CHECK(cause_of(stage) == TroubleCode::link_refused);

  // Now the broker allows the topic.
  stage.broker.judge = [](const Publication&) { return ReasonCode{0}; };
  stage.pass(10s);
  CHECK(stage.cursor(EventClass::alarm) == Seq{1});
  CHECK(stage.failure().empty());
  CHECK(stage.log.count("is not connected") == 1);
}

TEST_CASE("a refusal that is taken back is no reason any longer, at once", "[upstream][unit]") {
  Stage stage;
  bool allowed = false;
  stage.broker.judge = [&allowed](const Publication& publication) {
    const bool alarm = publication.topic.find("/alarm/") != std::string::npos;
    return ReasonCode{alarm && !allowed ? std::uint8_t{0x87} : std::uint8_t{0}};
  };
  stage.open(named());
  // The link stood so long that the next link would have to stand for a minute to be trusted
  // without an answer.
  stage.pass(20s);
  stage.spool.commit(EventClass::alarm);
  stage.run();
  close_by_peer(stage);
  REQUIRE(cause_of(stage) == TroubleCode::link_refused);

  allowed = true;
  // The status must be consistent at every moment between the answer and the next event of the
  // link.
  for (int i = 0; i < 200; ++i) {
    stage.pass(20ms);
    const auto status = stage.uplink->status();
    const bool named = status.failure && status.failure->code == TroubleCode::link_refused;
    CHECK(status.link_unsteady == (named && status.state == UplinkState::connected));
    if (stage.cursor(EventClass::alarm) == Seq{1}) break;
  }
  REQUIRE(stage.cursor(EventClass::alarm) == Seq{1});
  CHECK(stage.failure().empty());
}

TEST_CASE(
    "a link that the other side ends soon, again and again, names our client id, until it "
    "stands",
    "[upstream][unit]") {
  Stage stage;
  stage.open(named());
  for (int i = 0; i < 4; ++i) {
    stage.pass(2s);
    close_by_peer(stage);
    stage.pass(60s);
    REQUIRE(stage.uplink->status().state == UplinkState::connected);
    CHECK((i < 2 || cause_of(stage) == TroubleCode::link_taken_over));
  }
  CHECK(stage.failure().find("watchpost-zhaoxiang-03-street") != std::string::npos);
  CHECK(stage.log.count("is not connected") == 3);  // twice the apparent cause, then the true one
  stage.pass(3min);
  CHECK(stage.failure().empty());
  CHECK_FALSE(stage.uplink->status().link_unsteady);
}

TEST_CASE("a link that ends over our own state each time names its topic and size",
          "[upstream][unit]") {
  Stage stage;
  stage.broker.answers = false;
  stage.open(named());
  for (int i = 0; i < 3; ++i) {
    stage.publisher->accept();
    stage.run();
    close_by_peer(stage);
    stage.pass(60s);
  }
  REQUIRE(cause_of(stage) == TroubleCode::link_one_item);
  CHECK(stage.failure().find("status/gateway/online") != std::string::npos);
}

TEST_CASE("a cable that is out is told as just that, until the link is back", "[upstream][unit]") {
  Stage stage;
  stage.open(named());
  stage.lose_link();
  CHECK(stage.failure().find("the cable is out") != std::string::npos);
  stage.pass(2s);
  CHECK(stage.uplink->status().state == UplinkState::connected);
  CHECK(stage.failure().empty());
}

}  // namespace watchpost::upstream

// What an uplink says of its own box, by setting and by what its server takes.
#include "model/trouble_catalogue.hpp"
#include "unit/upstream/stage.hpp"

namespace watchpost::upstream {
namespace {

using namespace std::chrono_literals;
using client::LinkEnd;
using upstream_test::Stage;

bool is_state(const Publication& publication) {
  return publication.topic.ends_with("/status/gateway/online");
}

void end_link(Stage& stage, LinkEnd::How how = LinkEnd::How::closed, std::uint8_t code = 0) {
  const Failure why = failure_of(Failure::Kind::unavailable,
                                 trouble<TroubleCode::link_closed>(arg<"url">("mqtt://street")));
  stage.publisher->lose(why, how, code);
}

bool is_given_up(const Stage& stage, TroubleCode code) {
  const auto& given_up = stage.uplink->status().given_up;
  return std::any_of(given_up.begin(), given_up.end(),
                     [code](const Trouble& each) { return each.code == code; });
}

std::size_t states_in(const Stage& stage) {
  const auto& received = stage.broker.received;
  return static_cast<std::size_t>(std::count_if(received.begin(), received.end(), is_state));
}

UplinkOptions saying(StateOffer state) {
  UplinkOptions options;
  options.state = state;
  return options;
}

}  // namespace

TEST_CASE("an alarm gets through where the server ends each link over a retained message",
          "[upstream][unit]") {
  Stage stage;
  stage.broker.judge = [&stage](const Publication& publication) {
    if (publication.retain) end_link(stage);
    return ReasonCode{0};
  };
  stage.spool.commit(EventClass::alarm);
  stage.open();
  for (int i = 0; i < 4; ++i) stage.pass(10s);
  CHECK(stage.cursor(EventClass::alarm) == Seq{1});
  CHECK(is_given_up(stage, TroubleCode::upstream_without_retained));
  CHECK(stage.log.count("so the state of this box is not kept there") == 1);
  CHECK_FALSE(stage.broker.wills.back().retain);
  CHECK(is_state(stage.broker.received.front()));
  CHECK(stage.failure().empty());
}

TEST_CASE("an alarm gets through where the server ends each link over the state of the box",
          "[upstream][unit]") {
  const bool refuses_first = GENERATE(false, true);
  Stage stage;
  stage.broker.judge = [&](const Publication& publication) {
    if (!is_state(publication)) return ReasonCode{0};
    if (refuses_first) {
      stage.publisher->acknowledge(publication.token, ReasonCode{0x87});
    }
    end_link(stage);
    return ReasonCode{0};
  };
  stage.spool.commit(EventClass::alarm);
  stage.open();
  for (int i = 0; i < 6; ++i) stage.pass(30s);
  CHECK(stage.cursor(EventClass::alarm) == Seq{1});
  CHECK(is_given_up(stage, TroubleCode::upstream_without_presence));
  CHECK(stage.log.count("ended each connection over the state of this box") == 1);
}

TEST_CASE("a server that names what it does not take is obeyed at the next attempt",
          "[upstream][unit]") {
  Stage stage;
  stage.broker.answers = false;
  stage.open();
  end_link(stage, LinkEnd::How::refused, 0x9A);
  stage.run();
  CHECK(is_given_up(stage, TroubleCode::upstream_without_retained));
  stage.pass(10s);
  CHECK_FALSE(stage.broker.wills.back().retain);
  CHECK_FALSE(stage.broker.wills.back().topic.empty());
  end_link(stage, LinkEnd::How::refused, 0x99);
  stage.run();
  stage.broker.answers = true;
  stage.pass(30s);
  CHECK(stage.broker.wills.back().topic.empty());
  CHECK(stage.uplink->status().state == UplinkState::connected);
  CHECK(states_in(stage) == 1);
  CHECK(stage.states().empty());  // none is retained
}

TEST_CASE("what the settings turn off is not said, also not at the end", "[upstream][unit]") {
  Stage stage;
  stage.open(saying({Presence::off, false}));
  stage.spool.commit(EventClass::alarm);
  stage.run();
  CHECK(stage.broker.wills.front().topic.empty());
  bool stopped = false;
  stage.uplink->stop(5s, [&stopped] { stopped = true; });
  stage.run();
  stage.pass(10ms);
  CHECK(stopped);
  CHECK(stage.broker.goodbyes == 1);
  CHECK(states_in(stage) == 0);
  CHECK(stage.cursor(EventClass::alarm) == Seq{1});

  Stage plain;
  plain.open(saying({Presence::plain, true}));
  CHECK(states_in(plain) == 1);
  CHECK(plain.states().empty());
  CHECK_FALSE(plain.broker.wills.front().retain);
}

TEST_CASE("a server that acknowledges nothing is named and gets nothing", "[upstream][unit]") {
  Stage stage;
  stage.broker.terms.maximum_qos = Qos::at_most_once;
  stage.spool.commit(EventClass::alarm);
  stage.open();
  stage.pass(1s);
  CHECK(stage.broker.received.empty());
  CHECK(stage.failure().find("Maximum QoS 0") != std::string::npos);
  CHECK(stage.uplink->status().state == UplinkState::waiting);
  CHECK(stage.cursor(EventClass::alarm) == Seq{0});
}

TEST_CASE("a message that ends each link is told with its likely rule", "[upstream][unit]") {
  Stage stage;
  stage.broker.judge = [&stage](const Publication& publication) {
    if (!is_state(publication)) end_link(stage);
    return ReasonCode{0};
  };
  stage.spool.commit(EventClass::alarm);
  stage.open();
  for (int i = 0; i < 3; ++i) stage.pass(10s);
  CHECK(stage.failure().find("/alarm/#") != std::string::npos);
  CHECK(stage.failure().find("does not allow this box that topic") != std::string::npos);
}

TEST_CASE("classes that must be heard by setting are kept, each event by itself",
          "[upstream][unit]") {
  Stage stage;
  stage.broker.judge = [](const Publication&) { return kNoMatchingSubscribers; };
  UplinkOptions options;
  options.forwarding.heard = {false, false, false, true};
  options.forwarding.batch_events = 10;
  stage.open(options);
  stage.spool.commit(EventClass::telemetry, 3);
  stage.spool.commit(EventClass::status, 3);
  stage.spool.commit(EventClass::alarm);
  stage.run();
  CHECK(stage.cursor(EventClass::telemetry) == Seq{0});
  CHECK(stage.cursor(EventClass::status) == Seq{3});
  CHECK(stage.cursor(EventClass::alarm) == Seq{1});
  CHECK(stage.uplink->status().unheard.has_value());
  stage.broker.judge = [](const Publication&) { return ReasonCode{0}; };
  stage.pass(10min);
  CHECK(stage.cursor(EventClass::telemetry) == Seq{3});
  CHECK_FALSE(stage.uplink->status().unheard.has_value());
}

}  // namespace watchpost::upstream

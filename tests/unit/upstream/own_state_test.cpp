#include "unit/upstream/ground.hpp"

namespace watchpost::upstream {
namespace {

using upstream_test::closed_by_peer;
using upstream_test::Ground;

}  // namespace

TEST_CASE("the gateway's own state says what will still be sent, each time under another id",
          "[upstream][unit]") {
  Ground ground;
  const Will will = ground.own_state.will(17);
  CHECK(will.topic == "wp/v1/310118/106/203/zhaoxiang-03/status/gateway/online");
  CHECK(will.payload.find(R"("state":"offline")") != std::string::npos);
  ground.ready(EventClass::alarm, 3);
  ground.link_up();
  for (const auto& alarm : ground.sent()) {
    static_cast<void>(ground.traffic.answered(alarm.token, ReasonCode{0}, ground.tick()));
  }
  spool::SpoolStatus spool;
  spool.relayed[index_of(EventClass::telemetry)] = Seq{1};
  ground.own_state.outdate();
  const auto first = ground.own_state.publication(LinkState::online, spool, {});
  CHECK_FALSE(ground.own_state.is_old());
  CHECK(first.retain);
  CHECK(first.payload.find(R"("oldest":{"alarm":4,"patrol":1,"status":1,"telemetry":1})") !=
        std::string::npos);
  LinkTerms terms;
  terms.retain_available = false;
  const auto second = ground.own_state.publication(LinkState::online, spool, terms);
  CHECK_FALSE(second.retain);
  CHECK(second.token != first.token);
  CHECK(second.payload != first.payload);
}

TEST_CASE("a broker that refuses the gateway's own state is told of", "[upstream][unit]") {
  Ground ground;
  ground.link_up();
  ground.own_state.answered(ReasonCode{0}, ground.life, ground.now);
  CHECK_FALSE(ground.status().state_refused);
  for (int link = 0; link < 2; ++link) {
    ground.own_state.answered(ReasonCode{0x87}, ground.life, ground.now);
  }
  REQUIRE(ground.status().state_refused);
  CHECK_FALSE(ground.status().failure);  // events are taken
  CHECK(ground.log.count("wp/v1/310118/106/203/zhaoxiang-03/status/gateway/online") == 1);
  ground.own_state.answered(ReasonCode{0}, ground.life, ground.now);
  CHECK_FALSE(ground.status().state_refused);
}

TEST_CASE("a state that is accepted on the next try is not blamed for the end of the link",
          "[upstream][unit]") {
  Ground ground;
  ground.link_up();
  ground.own_state.answered(ReasonCode{0x87}, ground.life, ground.now);
  ground.own_state.answered(ReasonCode{0}, ground.life, ground.now);
  static_cast<void>(ground.life.ended({closed_by_peer(), std::nullopt, false}, ground.tick()));
  REQUIRE(ground.status().failure);
  CHECK(ground.status().failure->code != TroubleCode::link_refused);
}

}  // namespace watchpost::upstream

#include "unit/upstream/ground.hpp"

namespace watchpost::upstream {
namespace {

using namespace std::chrono_literals;
using client::LinkEnd;
using upstream_test::KeptLog;
using upstream_test::street_options;

const std::string kAlarms = "wp/v1/310118/106/203/zhaoxiang-03/alarm/#";

struct Life {
  UplinkOptions options = street_options();
  KeptLog log;
  LinkLife life{options, log};
  SteadyTime now{1h};

  void connect() {
    life.connecting(now);
    static_cast<void>(life.connected({now, 0}));
  }
  LinkLife::After end(LinkEnd::How how = LinkEnd::How::closed, bool alarm_waits = false) {
    const LinkEnd end{how, 0, {Failure::Kind::unavailable, "the cable is out", "Plug it in"}};
    return life.ended({end, std::nullopt, alarm_waits}, {now, 0});
  }
  [[nodiscard]] UplinkStatus status() const {
    UplinkStatus status;
    life.tell(status);
    return status;
  }
};

}  // namespace

TEST_CASE("a refusal that is taken back is no reason for the link's end any longer, at once",
          "[upstream][unit]") {
  Life life;
  life.connect();
  life.life.refused(kAlarms, 0x87, life.now);
  CHECK(life.end() == LinkLife::After::short_link);
  REQUIRE(life.status().failure);
  CHECK(life.status().failure->code == TroubleCode::link_refused);
  CHECK_FALSE(life.status().link_unsteady);
  const auto why = life.status().failure;
  CHECK(sentence_of(*why, Language::english).find(kAlarms) != std::string::npos);

  // The link is back, but it is not known yet whether it will stand.
  life.connect();
  CHECK(life.status().failure == why);
  CHECK(life.status().link_unsteady);
  // An accepted event of another class proves nothing.
  life.life.accepted("wp/v1/310118/106/203/zhaoxiang-03/telemetry/#");
  CHECK(life.status().failure == why);
  CHECK(life.log.count("is connected") == 1);

  life.life.accepted(kAlarms);
  CHECK_FALSE(life.status().failure);
  CHECK_FALSE(life.status().link_unsteady);
  CHECK(life.log.count("is connected") == 2);
  CHECK(life.log.count("is not connected") == 1);
  // Nothing was wrong any more, so nothing is said.
  life.life.accepted(kAlarms);
  CHECK(life.log.count("is connected") == 2);
}

TEST_CASE("a failed attempt is followed by another after a growing wait, and said once",
          "[upstream][unit]") {
  Life life;
  SteadyDuration last{};
  for (int i = 0; i < 4; ++i) {
    life.life.connecting(life.now);
    CHECK(life.life.look(life.now) == LinkLife::Due::nothing);
    CHECK(life.end(LinkEnd::How::unreached) == LinkLife::After::short_link);
    REQUIRE(life.life.due_at());
    CHECK(*life.life.due_at() - life.now > last);
    last = *life.life.due_at() - life.now;
    life.now = *life.life.due_at();
    CHECK(life.life.look(life.now) == LinkLife::Due::attempt);
  }
  CHECK(life.log.count("Plug it in") == 1);
}

TEST_CASE("a connect and a publication have their time to be answered, and no more",
          "[upstream][unit]") {
  Life life;
  life.life.connecting(life.now);
  CHECK(life.life.due_at() == life.now + life.options.connect_timeout);
  CHECK_FALSE(life.life.overdue(life.now + life.options.connect_timeout - 1ms, std::nullopt));
  const auto unreached = life.life.overdue(life.now + life.options.connect_timeout, std::nullopt);
  REQUIRE(unreached);
  CHECK(unreached->how == LinkEnd::How::unreached);
  life.connect();
  CHECK_FALSE(life.life.overdue(life.now + 1h, std::nullopt));
  CHECK_FALSE(life.life.overdue(life.now, life.now + 1ms));
  REQUIRE(life.life.overdue(life.now, life.now));
  CHECK(life.life.overdue(life.now, life.now)->how == LinkEnd::How::silent);
}

TEST_CASE("an attempt is put off for the sake of other gateways, and an alarm waits for none",
          "[upstream][unit]") {
  Life life;
  life.options.reconnect_spread = 60s;
  LinkLife spread(life.options, life.log);
  const auto lose = [&](bool alarm_waits) {
    spread.connecting(life.now);
    static_cast<void>(spread.connected({life.now, 0}));
    life.now += client::LinkDiagnosis::kHeld;
    const LinkEnd end{LinkEnd::How::broken, 0, {}};
    CHECK(spread.ended({end, std::nullopt, alarm_waits}, {life.now, 50'000}) ==
          LinkLife::After::good_link);
    return *spread.due_at() - life.now;
  };
  CHECK(lose(true) <= 1s);
  CHECK(lose(false) == 50s);
  spread.alarm_waits({life.now, 0});
  CHECK(*spread.due_at() - life.now <= 1s);
}

TEST_CASE("a link is left with a farewell, in order, and is over at the latest when asked",
          "[upstream][unit]") {
  using Farewell = LinkLife::Farewell;
  Life life;
  life.connect();
  REQUIRE(life.life.stop(life.now, 5s));
  CHECK(life.life.due_at() == life.now + 5s);
  CHECK(life.life.next_farewell(false) == Farewell::none);
  CHECK(life.life.next_farewell(true) == Farewell::say_offline);
  CHECK(life.life.next_farewell(false) == Farewell::none);
  CHECK(life.life.next_farewell(true) == Farewell::disconnect);
  CHECK(life.life.next_farewell(true) == Farewell::none);
  CHECK(life.life.look(life.now + 5s) == LinkLife::Due::end_of_stop);
  CHECK(life.end() == LinkLife::After::stopping);
  life.life.stopped(life.now);
  CHECK(life.status().state == UplinkState::stopped);
  CHECK_FALSE(life.life.due_at());

  Life unlinked;
  CHECK_FALSE(unlinked.life.stop(unlinked.now, 5s));
  CHECK(unlinked.life.next_farewell(true) == Farewell::none);
}

}  // namespace watchpost::upstream

#include "unit/upstream/ground.hpp"

namespace watchpost::upstream {
namespace {

using namespace std::chrono_literals;
using upstream_test::a_record;
using upstream_test::Ground;

// The offer of one record of `event_class` that an earlier link set aside.
Offers::Offer offered(Ground& ground, EventClass event_class) {
  ground.offers.link_up(ground.now);
  REQUIRE(ground.offers.next_set_aside_read() == 0);
  ground.offers.set_aside_read(std::vector<spool::SetAside>{{41, 0x99, a_record(event_class, 7)}});
  const auto offer = ground.offers.next_set_aside();
  REQUIRE(offer);
  CHECK(offer->record->seq == Seq{7});
  CHECK_FALSE(ground.offers.next_set_aside());
  return *offer;
}

}  // namespace

TEST_CASE("a set-aside record is delivered once the upstream takes it, and only then",
          "[upstream][unit]") {
  Ground ground;
  const auto offer = offered(ground, EventClass::alarm);
  CHECK_FALSE(ground.offers.take_answer(PublishToken{offer.token.value + 1}, ReasonCode{0}));
  SECTION("taken") {
    const auto answer = ground.offers.take_answer(offer.token, ReasonCode{0});
    REQUIRE(answer);
    CHECK(answer->taken == 41);
    CHECK(ground.log.count("has taken an event that it had refused before") == 1);
  }
  SECTION("refused again, or an alarm that nobody hears") {
    const ReasonCode code{GENERATE(std::uint8_t{0x99}, std::uint8_t{0x10})};
    const auto answer = ground.offers.take_answer(offer.token, code);
    REQUIRE(answer);
    CHECK_FALSE(answer->taken);
    CHECK(ground.basis.counts.refused == 1);
  }
}

TEST_CASE("telemetry that was set aside need not be heard", "[upstream][unit]") {
  Ground ground;
  const auto offer = offered(ground, EventClass::telemetry);
  CHECK(ground.offers.take_answer(offer.token, kNoMatchingSubscribers)->taken == 41);
}

}  // namespace watchpost::upstream

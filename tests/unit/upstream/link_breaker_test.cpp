#include "upstream/link_breaker.hpp"

#include "support/catch.hpp"

namespace watchpost::upstream {
namespace {

using Judgement = LinkBreaker::Judgement;
constexpr Forwarder::RecordPlace kBad{EventClass::telemetry, Seq{7}};
constexpr Forwarder::RecordPlace kNext{EventClass::telemetry, Seq{8}};

void lose_links(LinkBreaker& breaker, int count,
                const std::optional<Forwarder::RecordPlace>& oldest, bool answered = true) {
  for (int i = 0; i < count; ++i) {
    REQUIRE(breaker.judge(kBad) == Judgement::send);
    breaker.link_lost(oldest, answered);
  }
}

TEST_CASE("a record that breaks link after link is set aside once", "[upstream][unit]") {
  LinkBreaker breaker;
  lose_links(breaker, 3, kBad);
  CHECK(breaker.one_at_a_time());
  lose_links(breaker, 2, kBad);
  CHECK(breaker.judge(kNext) == Judgement::send);
  CHECK(breaker.judge(kBad) == Judgement::set_aside);
  CHECK_FALSE(breaker.one_at_a_time());
  // The link breaks before the copy is on disk, but the record stays convicted.
  breaker.link_lost(kNext, true);
  CHECK(breaker.judge(kBad) == Judgement::set_aside);
  breaker.passed(kBad.event_class, kBad.seq);
  CHECK(breaker.judge(kBad) == Judgement::send);
}

TEST_CASE("links that break over different records convict none", "[upstream][unit]") {
  LinkBreaker breaker;
  for (std::uint64_t seq = 1; seq < 50; ++seq) {
    breaker.link_lost(Forwarder::RecordPlace{EventClass::telemetry, Seq{seq}}, true);
    breaker.link_lost(std::nullopt, true);
    CHECK_FALSE(breaker.one_at_a_time());
  }
}

TEST_CASE("a network that is dead for a week convicts nobody", "[upstream][unit]") {
  LinkBreaker breaker;
  lose_links(breaker, 1'000, kBad, false);
  CHECK(breaker.judge(kBad) == Judgement::send);
}

TEST_CASE("a record that is taken in the end is acquitted", "[upstream][unit]") {
  LinkBreaker breaker;
  lose_links(breaker, 4, kBad);
  breaker.accepted(kBad.event_class, kBad.seq);
  CHECK_FALSE(breaker.one_at_a_time());
  lose_links(breaker, 4, kBad);
}

TEST_CASE("a class whose records all break the link waits as a class", "[upstream][unit]") {
  LinkBreaker breaker;
  lose_links(breaker, 5, kBad);
  REQUIRE(breaker.judge(kBad) == Judgement::set_aside);
  breaker.passed(kBad.event_class, kBad.seq);
  lose_links(breaker, 5, kNext);
  CHECK(breaker.judge(kNext) == Judgement::class_waits);
  lose_links(breaker, 5, kNext);
  CHECK(breaker.judge(kNext) == Judgement::class_waits);
  // A record of the class was taken, so the next one is judged by itself again.
  breaker.accepted(EventClass::telemetry, Seq{6});
  lose_links(breaker, 5, kNext);
  CHECK(breaker.judge(kNext) == Judgement::set_aside);
}

TEST_CASE("what one class does is not counted against another", "[upstream][unit]") {
  LinkBreaker breaker;
  lose_links(breaker, 5, kBad);
  REQUIRE(breaker.judge(kBad) == Judgement::set_aside);
  breaker.passed(kBad.event_class, kBad.seq);
  constexpr Forwarder::RecordPlace kAlarmLane{EventClass::alarm, Seq{7}};
  lose_links(breaker, 5, kAlarmLane);
  CHECK(breaker.judge(kAlarmLane) == Judgement::set_aside);
}

}  // namespace
}  // namespace watchpost::upstream

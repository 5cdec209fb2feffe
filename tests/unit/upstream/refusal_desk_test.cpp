#include "unit/upstream/ground.hpp"

namespace watchpost::upstream {
namespace {

using namespace std::chrono_literals;
using upstream_test::a_record;
using upstream_test::closed_by_peer;
using upstream_test::Ground;

constexpr ReasonCode kNotAuthorized{0x87};
constexpr ReasonCode kPayloadInvalid{0x99};

spool::LogReader::Found found(EventClass event_class, std::uint64_t seq) {
  return std::vector<SharedRecord>{std::make_shared<const Record>(a_record(event_class, seq))};
}

// An alarm that the upstream will never take.
Lane::Condemned a_condemned(Ground& ground) {
  ground.link_up();
  ground.ready(EventClass::alarm);
  const auto sent = ground.sent();
  REQUIRE(sent.size() == 1);
  static_cast<void>(ground.traffic.answered(sent[0].token, kPayloadInvalid, ground.tick()));
  const auto condemned = ground.refusals.next_condemned();
  REQUIRE(condemned);
  return *condemned;
}

}  // namespace

TEST_CASE("a class that rests is asked again, and within a second once an alarm has come for it",
          "[upstream][unit]") {
  Ground ground;
  ground.link_up();
  ground.ready(EventClass::alarm);
  static_cast<void>(
      ground.traffic.answered(ground.sent().at(0).token, kNotAuthorized, ground.tick()));
  REQUIRE(ground.status().failure);
  CHECK(sentence_of(*ground.status().failure, Language::english).find("0x87") != std::string::npos);
  REQUIRE(ground.refusals.due_at());
  CHECK(*ground.refusals.due_at() > ground.now + RefusalDesk::kImpatience);
  ground.refusals.look(ground.now);
  CHECK(ground.sent().empty());

  ground.ready(EventClass::alarm);
  ground.refusals.committed(ground.now);
  CHECK(*ground.refusals.due_at() == ground.now + RefusalDesk::kImpatience);
  ground.now += RefusalDesk::kImpatience;
  ground.refusals.look(ground.now);
  CHECK(*ground.refusals.due_at() > ground.now);  // the others wait as long as before
  ground.ready(EventClass::alarm);
  CHECK(ground.sent().size() == 3);
}

TEST_CASE("an alarm brings forward its own class, not telemetry that is refused too",
          "[upstream][unit]") {
  Ground ground;
  ground.link_up();
  ground.ready(EventClass::alarm);
  ground.ready(EventClass::telemetry);
  for (const Publication& each : ground.sent()) {
    static_cast<void>(ground.traffic.answered(each.token, kNotAuthorized, ground.tick()));
  }
  REQUIRE(ground.sent().empty());
  ground.ready(EventClass::alarm);
  ground.refusals.committed(ground.now);
  ground.now += RefusalDesk::kImpatience;
  ground.refusals.look(ground.now);
  ground.ready(EventClass::alarm, 0);
  const auto again = ground.sent();
  REQUIRE(again.size() == 2);
  for (const Publication& each : again) CHECK(each.topic.find("/alarm/") != std::string::npos);
  // When the backoff has passed, telemetry is tried too.
  ground.now = *ground.refusals.due_at();
  ground.refusals.look(ground.now);
  ground.ready(EventClass::telemetry, 0);
  CHECK(ground.sent().size() == 1);
}

TEST_CASE("a record that is accepted after a refusal is not blamed for the end of the link",
          "[upstream][unit]") {
  Ground ground;
  ground.link_up();
  ground.ready(EventClass::telemetry);
  static_cast<void>(
      ground.traffic.answered(ground.sent().at(0).token, kNotAuthorized, ground.tick()));
  ground.refusals.good_link_ended();
  ground.ready(EventClass::telemetry, 0);
  static_cast<void>(
      ground.traffic.answered(ground.sent().at(0).token, ReasonCode{0}, ground.tick()));
  static_cast<void>(ground.life.ended({closed_by_peer(), std::nullopt, false}, ground.tick()));
  REQUIRE(ground.status().failure);
  CHECK(ground.status().failure->code != TroubleCode::link_refused);
}

TEST_CASE("a condemned record leaves its class only with a copy, or when it is stored no more",
          "[upstream][unit]") {
  Ground ground;
  const auto condemned = a_condemned(ground);
  const Lane& lane = ground.basis.lane(EventClass::alarm);
  const auto answer = found(EventClass::alarm, 1);

  SECTION("with a copy") {
    REQUIRE(ground.refusals.to_keep(condemned, answer) != nullptr);
    ground.refusals.set_aside(condemned, {answer, true}, ground.tick());
    CHECK(lane.cursor() == Seq{1});
    REQUIRE(ground.status().set_aside_why);
    CHECK(ground.status().set_aside_why->code == TroubleCode::class_set_aside);
    CHECK(sentence_of(*ground.status().set_aside_why, Language::english).find("0x99") !=
          std::string::npos);
  }
  SECTION("no room for a copy") {
    ground.refusals.set_aside(condemned, {answer, false}, ground.tick());
    CHECK(lane.cursor() == Seq{0});
    CHECK(lane.rests());
    CHECK(ground.refusals.due_at());
    CHECK(ground.status().failure);
  }
  SECTION("the disk fails") {
    const spool::LogReader::Found failed = Failure{Failure::Kind::storage, "it hums", "Look"};
    CHECK(ground.refusals.to_keep(condemned, failed) == nullptr);
    ground.refusals.set_aside(condemned, {failed, false}, ground.tick());
    CHECK(lane.cursor() == Seq{0});
    CHECK(lane.rests());
  }
  SECTION("stored no more") {
    const auto other = found(EventClass::alarm, 2);
    CHECK(ground.refusals.to_keep(condemned, other) == nullptr);
    ground.refusals.set_aside(condemned, {other, false}, ground.tick());
    CHECK(lane.cursor() == Seq{1});
    CHECK_FALSE(ground.status().set_aside_why);
  }
  SECTION("the link is lost before the copy is kept: it is not ours to decide any more") {
    ground.link_lost();
    CHECK(ground.refusals.to_keep(condemned, answer) == nullptr);
    ground.refusals.set_aside(condemned, {answer, true}, ground.tick());
    CHECK(lane.cursor() == Seq{0});
  }
}

TEST_CASE("links that break over one record are tried with one at a time", "[upstream][unit]") {
  Ground ground;
  ground.ready(EventClass::telemetry, 3);
  for (int i = 0; i < LinkBreaker::kSuspicious; ++i) {
    ground.link_up();
    CHECK(ground.sent().size() == 3);
    ground.refusals.link_broke(true);
    ground.link_lost();
    ground.ready(EventClass::telemetry, 0);
  }
  REQUIRE(ground.refusals.one_at_a_time());
  ground.link_up();
  CHECK(ground.sent().size() == 1);
}

}  // namespace watchpost::upstream

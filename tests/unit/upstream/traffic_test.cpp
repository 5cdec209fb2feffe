#include "unit/upstream/ground.hpp"

namespace watchpost::upstream {
namespace {

using namespace std::chrono_literals;
using upstream_test::a_record;
using upstream_test::Ground;
using upstream_test::street_options;

constexpr ReasonCode kTaken{0};

std::string class_of(const Publication& publication) {
  const auto begin = publication.topic.find("zhaoxiang-03/") + 13;
  return publication.topic.substr(begin, publication.topic.find('/', begin) - begin);
}

void answer_reads(Ground& ground) {
  if (const auto request = ground.traffic.next_unheard_read()) {
    const Seq seq = request->after.next();
    ground.offers.unheard_read(*request, std::vector<SharedRecord>{std::make_shared<const Record>(
                                             a_record(request->event_class, seq.value))});
  }
  if (ground.traffic.next_set_aside_read(ground.now)) {
    ground.offers.set_aside_read(
        std::vector<spool::SetAside>{{41, 0x99, a_record(EventClass::status, 900)}});
  }
}

}  // namespace

TEST_CASE("alarms go first, then what nobody had heard, then the rest, and last what was set aside",
          "[upstream][unit]") {
  Ground ground;
  ground.link_up();
  ground.ready(EventClass::patrol);
  const auto unheard = ground.sent();
  REQUIRE(unheard.size() == 1);
  CHECK_FALSE(ground.traffic.answered(unheard[0].token, kNoMatchingSubscribers, ground.tick()));
  ground.offers.look(ground.tick());
  ground.now += UnheardRounds::kLongestWait;
  ground.offers.look(ground.tick());
  answer_reads(ground);
  ground.ready(EventClass::telemetry);
  ground.ready(EventClass::alarm);
  const auto sent = ground.sent();
  REQUIRE(sent.size() == 4);
  CHECK(class_of(sent[0]) == "alarm");
  CHECK(class_of(sent[1]) == "patrol");
  CHECK(sent[1].payload == unheard[0].payload);
  CHECK(class_of(sent[2]) == "telemetry");
  CHECK(class_of(sent[3]) == "status");

  // Each answer finds the publication that it is for.
  CHECK_FALSE(ground.traffic.answered(sent[1].token, kTaken, ground.tick()));
  CHECK(ground.basis.lane(EventClass::patrol).cursor() == Seq{1});
  CHECK(ground.traffic.answered(sent[3].token, kTaken, ground.tick()) == 41);
  CHECK_FALSE(ground.traffic.answered(sent[0].token, kTaken, ground.tick()));
  CHECK(ground.basis.lane(EventClass::alarm).cursor() == Seq{1});
  CHECK(ground.basis.lane(EventClass::telemetry).cursor() == Seq{0});
  CHECK(ground.basis.counts.acknowledged == 3);
  CHECK(ground.basis.counts.unheard == 1);
  CHECK(ground.basis.counts.published == 5);
}

TEST_CASE("what is too large for the broker is refused without being sent, and holds nothing up",
          "[upstream][unit]") {
  Ground ground;
  LinkTerms terms;
  terms.maximum_packet_size = 10;
  ground.link_up(terms);
  ground.ready(EventClass::telemetry);
  CHECK(ground.sent().empty());
  const auto condemned = ground.refusals.next_condemned();
  REQUIRE(condemned);
  CHECK(condemned->code == ReasonCode::packet_too_large);
  CHECK(ground.flow.all_answered());
}

TEST_CASE("while the rate is used up only alarms go, and it is known when the others may",
          "[upstream][unit]") {
  UplinkOptions options = street_options();
  options.max_rate = 1;
  Ground ground(options);
  ground.link_up();
  ground.ready(EventClass::telemetry, 3);
  CHECK(ground.sent().empty());
  REQUIRE(ground.traffic.due_at());
  ground.now = *ground.traffic.due_at();
  CHECK(ground.sent().size() == 1);
  ground.ready(EventClass::alarm, 2);
  const auto alarms = ground.sent();
  REQUIRE(alarms.size() == 2);
  CHECK(class_of(alarms[1]) == "alarm");
}

TEST_CASE("the first publication without an answer is named by its topic and number",
          "[upstream][unit]") {
  Ground ground;
  ground.link_up();
  const PublishToken subscription = ground.receipts.subscribe();
  CHECK_FALSE(ground.traffic.first_unanswered(subscription));
  ground.flow.sent(subscription, {ground.now});
  CHECK(ground.traffic.first_unanswered(subscription)->topic == ground.receipts.topic());
  ground.flow.answered_aside(subscription, ground.now);
  const auto state = ground.own_state.publication(LinkState::online, {}, {});
  ground.flow.sent(state.token, {ground.now});
  ground.ready(EventClass::alarm, 2);
  const auto sent = ground.sent();
  CHECK(ground.traffic.first_unanswered(subscription)->topic == state.topic);
  static_cast<void>(ground.traffic.answered(state.token, kTaken, ground.tick()));
  static_cast<void>(ground.traffic.answered(sent[0].token, kTaken, ground.tick()));
  const auto first = ground.traffic.first_unanswered(subscription);
  REQUIRE(first);
  CHECK(first->topic == "wp/v1/310118/106/203/zhaoxiang-03/alarm/#");
  CHECK(first->number == 2);
}

}  // namespace watchpost::upstream

#include "unit/upstream/ground.hpp"

namespace watchpost::upstream {
namespace {

using namespace std::chrono_literals;
using upstream_test::Ground;
using upstream_test::street_options;

void arrive(Ground& ground, const std::string& text) {
  ground.receipts.message_arrived({ground.receipts.topic(), text}, ground.tick());
}

std::string receipt(const std::string& event_class, std::uint64_t sequence,
                    const std::string& more = "") {
  return R"({"epoch":"7f3a0001","class":")" + event_class + R"(","sequence":)" +
         std::to_string(sequence) + more + "}";
}

// Adds `count` records of a class that the broker has acknowledged, but no receipt has confirmed.
void unconfirmed(Ground& ground, EventClass event_class, std::uint64_t count) {
  ground.ready(event_class, count);
  for (const auto& publication : ground.sent()) {
    static_cast<void>(ground.traffic.answered(publication.token, ReasonCode{0}, ground.tick()));
  }
  ground.receipts.delivered(event_class, false, ground.now);
}

std::size_t sent_again(Ground& ground) {
  ground.receipts.look(ground.tick());
  ground.ready(EventClass::alarm, 0);
  return ground.sent().size();
}

}  // namespace

TEST_CASE("receipts are asked for where a class wants them", "[upstream][unit]") {
  CHECK(Ground(street_options(Custody::receipt)).receipts.is_wanted());
  CHECK_FALSE(Ground(street_options(Custody::broker)).receipts.is_wanted());
  UplinkOptions unwanted = street_options(Custody::broker);
  unwanted.forwarding.custody[index_of(EventClass::patrol)] = Custody::receipt;
  unwanted.forwarding.wanted[index_of(EventClass::patrol)] = false;
  CHECK_FALSE(Ground(unwanted).receipts.is_wanted());
}

TEST_CASE("a receiver that confirms nothing is a trouble until it confirms", "[upstream][unit]") {
  Ground ground(street_options(Custody::receipt));
  ground.link_up();
  unconfirmed(ground, EventClass::alarm, 5);
  REQUIRE(ground.receipts.due_at() == ground.now + ground.basis.options.receipt_timeout);
  CHECK(sent_again(ground) == 0);
  ground.now = *ground.receipts.due_at();
  CHECK(sent_again(ground) == 5);
  CHECK(ground.status().receipts_missing);
  const auto advice = next_of(ground.status().failure.value(), Language::english);
  CHECK(advice.find("may read " + ground.receipts.topic()) != std::string::npos);
  CHECK(ground.own_state.is_old());
  arrive(ground, receipt("alarm", 5));
  CHECK(ground.basis.forwarder.take_moved(EventClass::alarm) == Seq{5});
  ground.receipts.delivered(EventClass::alarm, true, ground.now);
  CHECK_FALSE(ground.status().receipts_missing);
  CHECK_FALSE(ground.status().failure);
  CHECK_FALSE(ground.receipts.due_at());
}

TEST_CASE("what is no receipt of ours is counted and said once", "[upstream][unit]") {
  Ground ground(street_options(Custody::receipt));
  ground.link_up();
  ground.receipts.message_arrived({"wp/v1/310118/106/203/zhaoxiang-04/rcpt", "{"}, ground.tick());
  CHECK(ground.basis.counts.bad_receipts == 0);
  arrive(ground, "{");
  arrive(ground, receipt("alarm", 1));
  CHECK(ground.basis.counts.bad_receipts == 2);
  CHECK(ground.log.count("is no receipt") == 1);
}

TEST_CASE("a receiver that may have missed something is sent it again at once",
          "[upstream][unit]") {
  Ground ground(street_options(Custody::receipt));
  ground.link_up();
  unconfirmed(ground, EventClass::alarm, 5);
  ground.now += 1s;
  // The number may be known already, of an epoch that is over, or of another gateway.
  arrive(ground, GENERATE(receipt("alarm", 0, R"(,"resend":true)"),
                          receipt("alarm", 2, R"(,"resend":true)"),
                          R"({"epoch":"00c0ffee","class":"alarm","sequence":9,"resend":true})"));
  const std::uint64_t confirmed = ground.basis.lane(EventClass::alarm).cursor().value;
  CHECK(sent_again(ground) == 5 - confirmed);
  CHECK(ground.log.count("may have missed events") == 1);
  // A receipt, even a useless one, ends the silence.
  CHECK_FALSE(ground.status().receipts_missing);
}

TEST_CASE("what is under way as the receiver asks is sent again once it was answered",
          "[upstream][unit]") {
  Ground ground(street_options(Custody::receipt));
  ground.link_up();
  ground.ready(EventClass::alarm, 2);
  const auto sent = ground.sent();
  REQUIRE(sent.size() == 2);
  arrive(ground, receipt("alarm", 0, R"(,"resend":true)"));
  CHECK(sent_again(ground) == 0);
  for (const auto& alarm : sent) {
    static_cast<void>(ground.traffic.answered(alarm.token, ReasonCode{0}, ground.tick()));
  }
  CHECK(sent_again(ground) == 2);
}

TEST_CASE("a receiver that asks all the time gets it again every ten seconds", "[upstream][unit]") {
  Ground ground(street_options(Custody::receipt));
  ground.link_up();
  unconfirmed(ground, EventClass::alarm, 3);
  std::size_t rounds = 0;
  for (int i = 0; i < 50; ++i) {
    arrive(ground, receipt("alarm", 0, R"(,"resend":true)"));
    ground.receipts.look(ground.tick());
    ground.ready(EventClass::alarm, 0);
    const auto sent = ground.sent();
    rounds += sent.empty() ? 0U : 1U;
    for (const auto& alarm : sent) {
      static_cast<void>(ground.traffic.answered(alarm.token, ReasonCode{0}, ground.tick()));
    }
    ground.receipts.delivered(EventClass::alarm, false, ground.now);
    ground.now += 1s;
  }
  CHECK(rounds >= 5);
  CHECK(rounds <= 6);
}

TEST_CASE("an alarm waits for no timeout while its receiver confirms other things",
          "[upstream][unit]") {
  Ground ground(street_options(Custody::receipt));
  ground.link_up();
  unconfirmed(ground, EventClass::alarm, 1);
  unconfirmed(ground, EventClass::telemetry, 3);
  ground.now += 1s;
  // This receiver does not know `resend`.
  arrive(ground, receipt("telemetry", 1));
  CHECK(sent_again(ground) == 0);
  REQUIRE(ground.receipts.due_at());
  CHECK(*ground.receipts.due_at() - ground.now <= ReceiptWatch::kSoon);
  SECTION("it lacks the alarm") {
    SteadyDuration last{};
    for (int i = 0; i < 3; ++i) {
      const SteadyDuration wait = *ground.receipts.due_at() - ground.now;
      CHECK(wait > last);
      last = wait;
      ground.now = *ground.receipts.due_at();
      // The alarm is sent again, and no telemetry.
      unconfirmed(ground, EventClass::alarm, 0);
      ground.receipts.look(ground.tick());
      unconfirmed(ground, EventClass::alarm, 0);
      arrive(ground, receipt("telemetry", 1));
    }
    CHECK(ground.basis.counts.published == 4 + 3);
    CHECK_FALSE(ground.status().receipts_missing);
  }
  SECTION("it only took its time") {
    arrive(ground, receipt("alarm", 1));
    CHECK(ground.basis.forwarder.take_moved(EventClass::alarm) == Seq{1});
    ground.receipts.delivered(EventClass::alarm, true, ground.now);
    ground.now += 30s;
    CHECK(sent_again(ground) == 0);
  }
}

TEST_CASE("what the receiver has and this store lacks is a trouble that names both causes",
          "[upstream][unit]") {
  Ground ground(street_options(Custody::receipt));
  ground.link_up();
  arrive(ground, R"({"epoch":"00c0ffee","class":"alarm","sequence":10})");
  REQUIRE(ground.status().has_more);
  const auto said = sentence_of(*ground.status().has_more, Language::english);
  CHECK(said.find("has events of this box that are not in its store: alarm up to 10, while the "
                  "store ended at 0 when it was opened (epoch 00c0ffee)") != std::string::npos);
  CHECK(said.find("If an older copy of the store") != std::string::npos);
  CHECK(said.find("another box sends as zhaoxiang-03") != std::string::npos);
  arrive(ground, R"({"epoch":"00c0ffee","class":"patrol","sequence":9})");
  arrive(ground, R"({"epoch":"00c0ffed","class":"alarm","sequence":12})");
  CHECK(sentence_of(*ground.status().has_more, Language::chinese).find("12 号") !=
        std::string::npos);
  CHECK(ground.log.count("not in its store") == 1);
  // A number of this start's own epoch is no such proof: the receiver counts wrongly.
  CHECK(ground.basis.counts.bad_receipts == 0);
  arrive(ground, receipt("alarm", 11));
  CHECK(ground.basis.counts.bad_receipts == 1);
  CHECK(ground.log.count("The receiver counts wrongly") == 1);
}

}  // namespace watchpost::upstream

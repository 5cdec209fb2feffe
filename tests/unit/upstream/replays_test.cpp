// What becomes of records that the receiver had confirmed and lost, and of receipts of records that
// this store lacks.
#include "unit/upstream/ground.hpp"

namespace watchpost::upstream {
namespace {

using namespace std::chrono_literals;
using upstream_test::a_record;
using upstream_test::street_options;

constexpr const char* kReceipts = "wp/v1/310118/106/203/zhaoxiang-03/rcpt";

std::string receipt_of(EventClass event_class, std::uint64_t sequence,
                       const std::string& more = "") {
  return R"({"epoch":"7f3a0001","class":")" + std::string(to_string(event_class)) +
         R"(","sequence":)" + std::to_string(sequence) + more + "}";
}

// An uplink whose receiver has confirmed six records of `lost` and six of telemetry; the first
// three of `lost` are not kept any more.
struct Confirmed : upstream_test::Stage {
  explicit Confirmed(EventClass event_class) : lost(event_class) {
    open(street_options(Custody::receipt));
    spool.commit(lost, 6);
    spool.commit(EventClass::telemetry, 6);
    run();
    hear(receipt_of(lost, 6));
    hear(receipt_of(EventClass::telemetry, 6));
    REQUIRE(cursor(lost) == Seq{6});
    spool.forget(lost, Seq{3});
    before = events().size();
  }
  void hear(const std::string& text) {
    publisher->arrive(kReceipts, text);
    run();
  }
  void ask(EventClass event_class, std::uint64_t has) {
    hear(receipt_of(event_class, has, R"(,"resend":true)"));
  }
  [[nodiscard]] std::size_t sent() const { return events().size() - before; }

  EventClass lost;
  std::size_t before = 0;
};

}  // namespace

TEST_CASE("a receiver that has lost what it had confirmed gets it again from the history",
          "[upstream][unit]") {
  Confirmed stage(GENERATE(EventClass::alarm, EventClass::patrol));
  stage.ask(stage.lost, 2);
  REQUIRE(stage.sent() == 3);
  for (std::size_t i = 0; i < 3; ++i) {
    const auto payload = stage.events()[stage.before + i].payload;
    CHECK(payload.find(R"("sequence":"000000000000000)" + std::to_string(4 + i)) !=
          std::string::npos);
  }
  CHECK(stage.log.count("3 were sent again and 1 are not kept") == 1);
  CHECK(stage.cursor(stage.lost) == Seq{6});
  // Whatever it asks, at most once an hour.
  stage.pass(59min);
  stage.ask(stage.lost, 2);
  CHECK(stage.sent() == 3);
  stage.pass(1min);
  stage.ask(stage.lost, 5);
  CHECK(stage.sent() == 4);
}

TEST_CASE("what is sent again goes on where a lost link ended it", "[upstream][unit]") {
  Confirmed stage(EventClass::alarm);
  stage.broker.answers = false;
  stage.ask(stage.lost, 2);
  REQUIRE(stage.sent() == 1);
  stage.publisher->acknowledge(stage.events()[stage.before].token);
  stage.run();
  REQUIRE(stage.sent() == 2);
  stage.broker.answers = true;
  stage.lose_link();
  stage.pass(61s);
  CHECK(stage.sent() == 4);
  CHECK(stage.log.count("3 were sent again") == 1);
}

TEST_CASE("a range that is asked for while another is under way is sent whole, from its first",
          "[upstream][unit]") {
  Replays replays;
  const auto give = [&replays](std::uint64_t first, std::uint64_t last) {
    const auto request = replays.next_read();
    REQUIRE(request);
    CHECK(request->after == Seq{first - 1});
    std::vector<SharedRecord> page;
    for (std::uint64_t seq = first; seq <= last; ++seq) {
      auto record = a_record(EventClass::status, 0);
      record.seq = Seq{seq};
      page.push_back(std::make_shared<const Record>(std::move(record)));
    }
    replays.answered(*request, page);
  };
  replays.ask_range(EventClass::status, {Seq{7}, Seq{9}});
  give(7, 9);
  const SharedRecord first = replays.next();
  REQUIRE(first);
  replays.offered(PublishToken{1}, *first);
  replays.ask_range(EventClass::status, {Seq{3}, Seq{8}});
  CHECK(replays.take_answer(PublishToken{1}));
  give(3, 9);
  for (std::uint64_t seq = 3; seq <= 9; ++seq) {
    const SharedRecord record = replays.next();
    REQUIRE(record);
    CHECK(record->seq == Seq{seq});
    replays.offered(PublishToken{seq + 10}, *record);
    CHECK(replays.take_answer(PublishToken{seq + 10}));
  }
  const auto done = replays.take_done();
  REQUIRE(done);
  CHECK(done->sent == 7);
  CHECK(done->gone == 0);
}

TEST_CASE("nothing old is sent to a receiver that has nothing, and no telemetry at all",
          "[upstream][unit]") {
  Confirmed stage(EventClass::alarm);
  stage.ask(stage.lost, 0);
  CHECK(stage.sent() == 0);
  const auto states = stage.states().size();
  stage.pass(10s);
  stage.ask(EventClass::telemetry, 2);
  CHECK(stage.sent() == 0);
  // It hears from which number on more comes.
  REQUIRE(stage.states().size() == states + 1);
  CHECK(stage.states().back().payload.find(R"("telemetry":7)") != std::string::npos);
}

TEST_CASE("what a store has is confirmed by a receipt that names more than the store has",
          "[upstream][unit]") {
  // An older copy was put back: the street has 1 to 10 of this epoch, the copy ends at 7.
  Confirmation confirmation({.cursor = Seq{5}, .head = Seq{7}});
  auto record = a_record(EventClass::alarm, 0);
  for (std::uint64_t seq = 6; seq <= 9; ++seq) {
    record.seq = Seq{seq};
    record.epoch = seq <= 7 ? "00c0ffee" : "7f3a0001";
    confirmation.sent(record);
  }
  const auto hear = [&](const char* epoch, std::uint64_t seq) {
    return confirmation.hear({epoch, EventClass::alarm, Seq{seq}}, "7f3a0001");
  };
  if (GENERATE(true, false)) CHECK(hear("00c0ffee", 6) == Confirmation::Belief::news);
  CHECK(hear("00c0ffee", GENERATE(8, 10)) == Confirmation::Belief::more);
  CHECK(confirmation.advance(Seq{9}) == Seq{7});
  CHECK(hear("7f3a0001", 9) == Confirmation::Belief::news);
  CHECK(confirmation.advance(Seq{9}) == Seq{9});
  CHECK(hear("7f3a0001", 10) == Confirmation::Belief::beyond);
}

}  // namespace watchpost::upstream

#include "unit/upstream/stage.hpp"

namespace watchpost::upstream {
namespace {

using namespace std::chrono_literals;
using upstream_test::a_record;
using upstream_test::Stage;

constexpr const char* kTopic = "wp/v1/310118/106/203/zhaoxiang-03/rcpt";

UplinkOptions by_receipt() {
  UplinkOptions options;
  options.forwarding.custody.fill(Custody::receipt);
  return options;
}

void arrive_from(Stage& stage, const std::string& text) {
  stage.publisher->arrive(kTopic, text);
  stage.run();
}

void confirm(Stage& stage, const std::string& event_class, std::uint64_t sequence) {
  arrive_from(stage, R"({"epoch":"7f3a0001","class":")" + event_class + R"(","sequence":)" +
                         std::to_string(sequence) + "}");
}

}  // namespace

TEST_CASE("receipts are read from an object or an array, and nothing else is one",
          "[upstream][unit]") {
  const auto one = parse_receipts(R"({"epoch":"7f3a0001","class":"alarm","sequence":4711})");
  REQUIRE(one.has_value());
  REQUIRE(one->size() == 1);
  CHECK(one->front().epoch == "7f3a0001");
  CHECK(one->front().event_class == EventClass::alarm);
  CHECK(one->front().sequence == Seq{4711});
  const auto two = parse_receipts(
      R"([{"epoch":"7f3a0001","class":"alarm","sequence":18446744073709551615,"more":[]},
          {"epoch":"00c0ffee","class":"status","sequence":0}])");
  REQUIRE(two.has_value());
  CHECK(two->size() == 2);
  CHECK(parse_receipts("[]").value().empty());

  for (const auto* text :
       {"", "null", "4711", "{", "{}", "[4711]", R"("alarm")",
        R"({"epoch":"7f3a0001","class":"alarm"})",
        R"({"epoch":"7f3a0001","class":"alarm","sequence":-1})",
        R"({"epoch":"7f3a0001","class":"alarm","sequence":1.5})",
        R"({"epoch":"7f3a0001","class":"alarm","sequence":"1"})",
        R"({"epoch":"7f3a0001","class":"alarm","sequence":18446744073709551616})",
        R"({"epoch":"7F3A0001","class":"alarm","sequence":1})",
        R"({"epoch":"7f3a","class":"alarm","sequence":1})",
        R"({"epoch":1,"class":"alarm","sequence":1})",
        R"({"epoch":"7f3a0001","class":"fire","sequence":1})",
        R"([{"epoch":"7f3a0001","class":"alarm","sequence":1},7])"}) {
    CAPTURE(text);
    const auto receipts = parse_receipts(text);
    REQUIRE(receipts.has_error());
    CHECK_FALSE(receipts.error().remedy.empty());
  }
  CHECK(parse_receipts(std::string(100'000, '[')).has_error());
  CHECK(parse_receipts(std::string(100'000, ' ') + "[]").has_error());
  CHECK(parse_receipts("\xFF\xFE{}").has_error());
}

TEST_CASE("uplink listens for receipts only where a class asks for them", "[upstream][unit]") {
  Stage plain;
  plain.open();
  CHECK(plain.broker.subscriptions.empty());
  Stage stage;
  stage.open(by_receipt());
  CHECK(stage.broker.subscriptions == std::vector<std::string>{kTopic});
}

TEST_CASE("under receipt an acknowledgement frees the window, and only a receipt moves the cursor",
          "[upstream][unit]") {
  Stage stage;
  stage.open(by_receipt());
  stage.spool.commit(EventClass::alarm, 500);
  stage.run();
  CHECK(stage.events().size() == 500);
  CHECK(stage.uplink->status().in_flight == 0);
  CHECK(stage.uplink->status().unconfirmed[index_of(EventClass::alarm)]);
  CHECK(stage.cursor(EventClass::alarm) == Seq{0});

  confirm(stage, "alarm", 123);
  CHECK(stage.cursor(EventClass::alarm) == Seq{123});
  confirm(stage, "alarm", 500);
  CHECK(stage.cursor(EventClass::alarm) == Seq{500});
  CHECK_FALSE(stage.uplink->status().unconfirmed[index_of(EventClass::alarm)]);
}

TEST_CASE("custody is by class: what asks for no receipt goes by acknowledgement",
          "[upstream][unit]") {
  Stage stage;
  UplinkOptions options;
  options.forwarding.custody[index_of(EventClass::alarm)] = Custody::receipt;
  stage.open(options);
  stage.spool.commit(EventClass::alarm, 2);
  stage.spool.commit(EventClass::telemetry, 2);
  stage.run();
  CHECK(stage.cursor(EventClass::alarm) == Seq{0});
  CHECK(stage.cursor(EventClass::telemetry) == Seq{2});
  confirm(stage, "telemetry", 1);
  CHECK(stage.cursor(EventClass::telemetry) == Seq{2});
}

TEST_CASE("no receipt moves a cursor over what was never sent, or is of another epoch or class",
          "[upstream][unit]") {
  Stage stage;
  stage.open(by_receipt());
  stage.spool.commit(EventClass::alarm, 5);
  stage.run();
  confirm(stage, "alarm", 6);
  confirm(stage, "alarm", 18'446'744'073'709'551'615ULL);
  confirm(stage, "patrol", 5);
  arrive_from(stage, R"({"epoch":"0badf00d","class":"alarm","sequence":5})");
  arrive_from(stage, "\x00\xFF garbage");
  arrive_from(stage, "{");
  CHECK(stage.cursor(EventClass::alarm) == Seq{0});
  CHECK(stage.cursor(EventClass::patrol) == Seq{0});
  CHECK(stage.uplink->status().counts.bad_receipts == 5);
  CHECK(stage.log.count("which was never sent") + stage.log.count("is none") == 1);
  // The numbers that were not believed do not count later either.
  stage.spool.commit(EventClass::alarm, 5);
  stage.run();
  CHECK(stage.cursor(EventClass::alarm) == Seq{0});
}

TEST_CASE("a receipt may come before the acknowledgement", "[upstream][unit]") {
  Stage stage;
  stage.open(by_receipt());
  stage.broker.answers = false;
  stage.spool.commit(EventClass::alarm, 2);
  stage.run();
  confirm(stage, "alarm", 2);
  CHECK(stage.cursor(EventClass::alarm) == Seq{2});
  CHECK(stage.uplink->status().in_flight == 2);
  for (const auto& event : stage.events()) stage.publisher->acknowledge(event.token);
  stage.run();
  CHECK(stage.uplink->status().in_flight == 0);
  CHECK(stage.uplink->status().backlog[index_of(EventClass::alarm)] == 0);
}

TEST_CASE("receipts step over numbers that do not exist", "[upstream][unit]") {
  Stage stage;
  stage.spool.hole(EventClass::alarm, 2);
  stage.spool.commit(EventClass::alarm, 2);
  stage.spool.hole(EventClass::alarm, 3);
  stage.spool.commit(EventClass::alarm, 1);
  stage.spool.hole(EventClass::alarm, 4);
  stage.spool.commit(EventClass::telemetry, 1);
  stage.open(by_receipt());
  CHECK(stage.cursor(EventClass::alarm) == Seq{2});
  // The receiver does not know of the gap behind yet, and confirms what it has.
  confirm(stage, "alarm", 4);
  CHECK(stage.cursor(EventClass::alarm) == Seq{7});
  confirm(stage, "alarm", 8);
  CHECK(stage.cursor(EventClass::alarm) == Seq{12});
  CHECK(stage.uplink->status().backlog[index_of(EventClass::alarm)] == 0);
}

TEST_CASE("without receipts everything unconfirmed is sent again, after growing waits",
          "[upstream][unit]") {
  Stage stage;
  stage.open(by_receipt());
  stage.spool.commit(EventClass::telemetry, 10);
  stage.run();
  confirm(stage, "telemetry", 4);
  stage.pass(59s);
  CHECK(stage.events().size() == 10);
  stage.pass(1s);
  REQUIRE(stage.events().size() == 16);
  CHECK(stage.events()[10].payload == stage.events()[4].payload);
  CHECK(stage.failure().find("watchpost receive") != std::string::npos);
  CHECK(stage.log.count("confirms nothing") == 1);
  // The receiver may wait for a number that never comes, so the gateway tells it which numbers will
  // come.
  CHECK(stage.states().back().payload.find(
            R"("oldest":{"alarm":1,"patrol":1,"status":1,"telemetry":5})") != std::string::npos);

  // The waits are 60 s, then half to all of 60 s more, then half to all of 120 s more.
  stage.pass(89s);
  CHECK(stage.events().size() == 16);
  stage.pass(31s);
  CHECK(stage.events().size() == 22);
  stage.pass(119s);
  CHECK(stage.events().size() == 22);
  stage.pass(61s);
  CHECK(stage.events().size() == 28);
  CHECK(stage.cursor(EventClass::telemetry) == Seq{4});
  CHECK(stage.log.count("confirms nothing") == 1);

  confirm(stage, "telemetry", 10);
  CHECK(stage.cursor(EventClass::telemetry) == Seq{10});
  CHECK(stage.failure().empty());
  stage.pass(1h);
  CHECK(stage.events().size() == 28);
}

TEST_CASE("a silent receiver is sent a few events at a time, but every alarm", "[upstream][unit]") {
  Stage stage;
  stage.open(by_receipt());
  stage.spool.commit(EventClass::telemetry, 1'000);
  stage.run();
  CHECK(stage.events().size() == 1'000);
  stage.pass(60s);
  CHECK(stage.events().size() == 1'100);
  stage.spool.commit(EventClass::alarm, 300);
  stage.run();
  CHECK(stage.events().size() == 1'400);
  confirm(stage, "telemetry", 50);
  CHECK(stage.events().size() == 2'300);
}

TEST_CASE("events are sent no further ahead of the receipts than the bound", "[upstream][unit]") {
  Stage stage;
  stage.open(by_receipt());
  stage.spool.commit(EventClass::telemetry, Lane::kMostUnconfirmed + 500);
  stage.run();
  CHECK(stage.events().size() == Lane::kMostUnconfirmed);
  confirm(stage, "telemetry", 200);
  CHECK(stage.events().size() == Lane::kMostUnconfirmed + 200);
}

TEST_CASE("a new link begins again at the receipt", "[upstream][unit]") {
  Stage stage;
  stage.open(by_receipt());
  stage.spool.commit(EventClass::alarm, 10);
  stage.run();
  confirm(stage, "alarm", 7);
  stage.pass(20s);
  stage.lose_link();
  stage.pass(61s);
  REQUIRE(stage.events().size() == 13);
  CHECK(stage.events()[10].payload == stage.events()[7].payload);
  // A receipt for records that the last link delivered makes sending them again needless.
  confirm(stage, "alarm", 10);
  CHECK(stage.cursor(EventClass::alarm) == Seq{10});
}

TEST_CASE("a receipt from before a restart counts once the broker has the events again",
          "[upstream][unit]") {
  Stage stage;
  stage.spool.commit(EventClass::alarm, 10);
  stage.broker.answers = false;
  stage.open(by_receipt());
  stage.publisher->accept();
  // The receipt is retained, so it comes before anything was sent.
  stage.publisher->arrive(kTopic, R"({"epoch":"7f3a0001","class":"alarm","sequence":8})");
  stage.run();
  REQUIRE(stage.events().size() == 10);
  CHECK(stage.cursor(EventClass::alarm) == Seq{0});
  for (std::size_t i = 0; i < 10; ++i) stage.publisher->acknowledge(stage.events()[i].token);
  stage.run();
  CHECK(stage.cursor(EventClass::alarm) == Seq{8});
}

TEST_CASE("each epoch is confirmed by its own receipts", "[upstream][unit]") {
  Confirmation confirmation({.cursor = Seq{0}, .head = Seq{20}});
  auto record = a_record(EventClass::alarm, 0);
  for (std::uint64_t seq = 1; seq <= 12; ++seq) {
    if (seq > 5 && seq < 9) continue;  // these were lost with the old store
    record.seq = Seq{seq};
    record.epoch = seq <= 5 ? "00c0ffee" : "7f3a0001";
    confirmation.sent(record);
  }
  const auto hear = [&](const char* epoch, std::uint64_t seq) {
    return confirmation.hear({epoch, EventClass::alarm, Seq{seq}}, "7f3a0001");
  };
  CHECK(hear("7f3a0001", 12) == Confirmation::Belief::news);
  CHECK(confirmation.advance(Seq{12}) == Seq{0});
  CHECK(hear("00c0ffee", 3) == Confirmation::Belief::news);
  CHECK(confirmation.advance(Seq{12}) == Seq{3});
  CHECK(hear("00c0ffee", 8) == Confirmation::Belief::news);
  CHECK(confirmation.advance(Seq{12}) == Seq{12});
  CHECK(hear("00c0ffee", 8) == Confirmation::Belief::foreign);
}

TEST_CASE(
    "what an earlier start has sent is confirmed by a receipt that comes before it is sent again",
    "[upstream][unit]") {
  // 6 to 10 are of the earlier start; the epoch of this start has no record yet.
  Confirmation confirmation({.cursor = Seq{5}, .head = Seq{10}});
  const auto hear = [&](const char* epoch, std::uint64_t seq) {
    return confirmation.hear({epoch, EventClass::alarm, Seq{seq}}, "7f3a0002");
  };
  CHECK(hear("7f3a0001", 10) == Confirmation::Belief::news);
  // The second receipt is from another gateway or names numbers that were never given.
  CHECK(hear("00c0ffee", 8) == Confirmation::Belief::news);
  CHECK(hear("00c0ffee", 11) == Confirmation::Belief::more);
  CHECK(hear("7f3a0002", 11) == Confirmation::Belief::beyond);
  auto record = a_record(EventClass::alarm, 0);
  record.epoch = "7f3a0001";
  for (std::uint64_t seq = 6; seq <= 10; ++seq) {
    record.seq = Seq{seq};
    confirmation.sent(record);
  }
  // The cursor waits until the broker has the records, because the receipt may be about another
  // store's numbers.
  CHECK(confirmation.advance(Seq{5}) == Seq{5});
  CHECK(confirmation.advance(Seq{9}) == Seq{9});
  CHECK(confirmation.advance(Seq{10}) == Seq{10});
}

TEST_CASE("receipts of any number of epochs take a bounded room", "[upstream][unit]") {
  Confirmation confirmation({.cursor = Seq{5}, .head = Seq{10}});
  std::size_t believed = 0;
  for (unsigned epoch = 0; epoch < 5'000; ++epoch) {
    const auto belief =
        confirmation.hear({epoch_from(epoch), EventClass::alarm, Seq{9}}, "7f3a0002");
    believed += belief == Confirmation::Belief::news ? 1U : 0U;
  }
  CHECK(believed == 1'000);
}

TEST_CASE("the receiver is told where an epoch ends once it has confirmed the one before",
          "[upstream][unit]") {
  Confirmation confirmation({.cursor = Seq{2}, .head = Seq{9}});
  auto record = a_record(EventClass::alarm, 0);
  for (std::uint64_t seq = 3; seq <= 9; ++seq) {
    record.seq = Seq{seq};
    record.epoch = seq <= 5 ? "00c0ffee" : "7f3a0001";
    confirmation.sent(record);
  }
  CHECK(confirmation.hear({"00c0ffee", EventClass::alarm, Seq{4}}, "7f3a0001") ==
        Confirmation::Belief::news);
  CHECK(confirmation.advance(Seq{9}) == Seq{4});
  CHECK_FALSE(confirmation.take_stepped_aside());
  CHECK(confirmation.hear({"00c0ffee", EventClass::alarm, Seq{5}}, "7f3a0001") ==
        Confirmation::Belief::news);
  CHECK(confirmation.advance(Seq{9}) == Seq{5});
  CHECK(confirmation.take_stepped_aside());
  CHECK_FALSE(confirmation.take_stepped_aside());
}

TEST_CASE("a record set aside does not hold up the receipts, and its receiver is told",
          "[upstream][unit]") {
  Stage stage;
  stage.broker.judge = [](const Publication& publication) {
    const bool bad = publication.payload.find(".a.2\"") != std::string::npos;
    return ReasonCode{bad ? std::uint8_t{0x99} : std::uint8_t{0}};
  };
  stage.open(by_receipt());
  stage.spool.commit(EventClass::alarm, 3);
  stage.run();
  REQUIRE(stage.spool.aside.size() == 1);
  CHECK(stage.cursor(EventClass::alarm) == Seq{0});
  // The receiver has 1 and 3, and waits for 2.
  confirm(stage, "alarm", 1);
  CHECK(stage.cursor(EventClass::alarm) == Seq{2});
  CHECK(stage.states().back().payload.find(R"("oldest":{"alarm":3,)") != std::string::npos);
  confirm(stage, "alarm", 3);
  CHECK(stage.cursor(EventClass::alarm) == Seq{3});
  // Even after a new link it is not sent from the log, and it is set aside only once.
  CHECK(stage.spool.aside.size() == 1);
}

TEST_CASE("uplink says when it may not read the receipts", "[upstream][unit]") {
  Stage stage;
  stage.broker.denied = kTopic;
  stage.open(by_receipt());
  CHECK(stage.failure().find("does not let us read") != std::string::npos);
  CHECK(stage.log.count("does not let us read") == 1);
}

TEST_CASE("a message on another topic is not taken for a receipt", "[upstream][unit]") {
  Stage stage;
  stage.open(by_receipt());
  stage.spool.commit(EventClass::alarm, 2);
  stage.run();
  stage.publisher->arrive("wp/v1/310118/106/203/zhaoxiang-04/rcpt",
                          R"({"epoch":"7f3a0001","class":"alarm","sequence":2})");
  stage.run();
  CHECK(stage.cursor(EventClass::alarm) == Seq{0});
  CHECK(stage.uplink->status().counts.bad_receipts == 0);
}

}  // namespace watchpost::upstream

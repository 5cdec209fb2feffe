#include "unit/upstream/stage.hpp"

namespace watchpost::upstream {
namespace {

using namespace std::chrono_literals;
using upstream_test::Stage;

// Publishes `count` telemetry events on a link whose answers the test gives.
std::vector<Publication> sent_unanswered(Stage& stage, std::uint64_t count) {
  stage.broker.answers = false;
  stage.spool.commit(EventClass::telemetry, count);
  stage.run();
  auto events = stage.events();
  REQUIRE(events.size() == count);
  return events;
}

}  // namespace

TEST_CASE("every reason code has a treatment, a meaning and a remedy", "[upstream][unit]") {
  for (unsigned code = 0x80; code <= 0xFF; ++code) {
    CAPTURE(code);
    const Refusal refusal = refusal_of(ReasonCode{static_cast<std::uint8_t>(code)});
    CHECK(byte_of(refusal.code) == code);
    CHECK_FALSE(refusal.meaning.empty());
    CHECK_FALSE(next_of(Trouble{refusal.told, {}}, Language::english).empty());
    const bool for_good = code == 0x90 || code == 0x95 || code == 0x99;
    const bool perhaps = code == 0x80 || code == 0x83 || code == 0x87;
    CHECK((refusal.treatment == Treatment::set_aside) == for_good);
    CHECK((refusal.treatment == Treatment::perhaps) == perhaps);
    CHECK((refusal.treatment == Treatment::again) == (code == 0x91));
  }
}

TEST_CASE("uplink sets aside what is refused for good, with a copy before the cursor moves",
          "[upstream][unit]") {
  const std::uint8_t code = GENERATE(std::uint8_t{0x90}, std::uint8_t{0x99});
  Stage stage;
  stage.open();
  const auto sent = sent_unanswered(stage, 3);
  stage.publisher->acknowledge(sent[1].token, ReasonCode{code});
  stage.run();

  REQUIRE(stage.spool.aside.size() == 1);
  CHECK(stage.spool.aside.at(1).record.seq == Seq{2});
  CHECK(stage.spool.aside.at(1).reason_code == code);
  CHECK(stage.cursor(EventClass::telemetry) == Seq{0});
  stage.publisher->acknowledge(sent[0].token);
  stage.publisher->acknowledge(sent[2].token);
  stage.run();
  CHECK(stage.cursor(EventClass::telemetry) == Seq{3});
  // The refusal made no other event be sent twice.
  CHECK(stage.events().size() == 3);
  CHECK(stage.log.count("set aside") == 1);
}

TEST_CASE("uplink moves no cursor past a refused record while its copy cannot be kept",
          "[upstream][unit]") {
  Stage stage;
  stage.open();
  stage.spool.room_aside = 0;
  const auto sent = sent_unanswered(stage, 2);
  stage.publisher->acknowledge(sent[0].token, ReasonCode{0x99});
  stage.publisher->acknowledge(sent[1].token);
  stage.run();
  CHECK(stage.cursor(EventClass::telemetry) == Seq{0});
  CHECK(stage.failure().find("payload format invalid") != std::string::npos);

  // The class waits, as after any refusal, and goes on when there is room for the copy.
  stage.spool.room_aside = 1;
  stage.pass(6s);
  REQUIRE(stage.events().size() == 4);
  stage.publisher->acknowledge(stage.events()[2].token, ReasonCode{0x99});
  stage.publisher->acknowledge(stage.events()[3].token);
  stage.run();
  CHECK(stage.cursor(EventClass::telemetry) == Seq{2});
  CHECK(stage.spool.aside.size() == 1);
}

TEST_CASE("uplink reads a refused record again when the disk fails, and loses nothing",
          "[upstream][unit]") {
  Stage stage;
  stage.open();
  const auto sent = sent_unanswered(stage, 2);
  stage.spool.fail_reads = 1;
  stage.publisher->acknowledge(sent[0].token, ReasonCode{0x90});
  stage.publisher->acknowledge(sent[1].token);
  stage.run();
  CHECK(stage.cursor(EventClass::telemetry) == Seq{0});
  CHECK(stage.spool.aside.empty());
  stage.pass(6s);
  stage.publisher->acknowledge(stage.events()[2].token, ReasonCode{0x90});
  stage.publisher->acknowledge(stage.events()[3].token);
  stage.run();
  CHECK(stage.spool.aside.size() == 1);
  CHECK(stage.cursor(EventClass::telemetry) == Seq{2});
}

TEST_CASE("uplink sets a doubtful refusal aside when a later one of its class is accepted",
          "[upstream][unit]") {
  const std::uint8_t code = GENERATE(std::uint8_t{0x80}, std::uint8_t{0x83}, std::uint8_t{0x87});
  Stage stage;
  stage.open();
  const auto sent = sent_unanswered(stage, 3);
  stage.publisher->acknowledge(sent[0].token);
  stage.publisher->acknowledge(sent[1].token, ReasonCode{code});
  stage.run();
  // An event that was accepted before proves nothing, because the class may be refused from here
  // on.
  CHECK(stage.spool.aside.empty());
  CHECK(stage.cursor(EventClass::telemetry) == Seq{1});

  stage.publisher->acknowledge(sent[2].token);
  stage.run();
  REQUIRE(stage.spool.aside.size() == 1);
  CHECK(stage.spool.aside.at(1).reason_code == code);
  CHECK(stage.cursor(EventClass::telemetry) == Seq{3});
}

TEST_CASE("uplink sets nothing aside of a class that is refused as a whole", "[upstream][unit]") {
  Stage stage;
  stage.open();
  sent_unanswered(stage, 5);
  for (int round = 0; round < 10; ++round) {
    const auto events = stage.events();
    for (std::size_t i = events.size() - 5; i < events.size(); ++i) {
      stage.publisher->acknowledge(events[i].token, ReasonCode{0x87});
    }
    stage.run();
    stage.pass(5min);
  }
  CHECK(stage.events().size() == 55);
  CHECK(stage.spool.aside.empty());
  CHECK(stage.cursor(EventClass::telemetry) == Seq{0});
  CHECK(stage.log.count("refuses telemetry") == 1);
}

TEST_CASE("what an access list refuses is named with the area, which may be misspelt here",
          "[upstream][unit]") {
  const std::uint8_t code = GENERATE(std::uint8_t{0x87}, std::uint8_t{0x90});
  const auto why = told_about(refusal_of(ReasonCode{code}), "wp/v1/310118/106/203/v9/alarm/#");
  for (const Language language : kLanguages) {
    const auto sentence = sentence_of(why, language);
    CHECK(sentence.find("wp/v1/310118/106/203/v9/alarm/#") != std::string::npos);
    CHECK(sentence.find("gateway.area") != std::string::npos);
    CHECK(sentence.find("gateway.id") != std::string::npos);
  }
  CHECK(told_about(refusal_of(ReasonCode{0x97}), "a/#") == trouble<TroubleCode::refusal_quota>());
  Stage stage;
  stage.open();
  const auto sent = sent_unanswered(stage, 1);
  stage.publisher->acknowledge(sent[0].token, ReasonCode{0x87});
  stage.run();
  CHECK(stage.failure().find("/telemetry/#. Look whether gateway.area") != std::string::npos);
}

TEST_CASE("uplink waits where the quota is exceeded, whatever else is accepted",
          "[upstream][unit]") {
  Stage stage;
  stage.open();
  const auto sent = sent_unanswered(stage, 2);
  stage.publisher->acknowledge(sent[0].token, ReasonCode{0x97});
  stage.publisher->acknowledge(sent[1].token);
  stage.run();
  CHECK(stage.spool.aside.empty());
  CHECK(stage.cursor(EventClass::telemetry) == Seq{0});
  stage.broker.answers = true;
  stage.pass(6s);
  CHECK(stage.cursor(EventClass::telemetry) == Seq{2});
}

TEST_CASE("uplink sends again at once where a packet identifier was in use, but only once in a row",
          "[upstream][unit]") {
  Stage stage;
  stage.open();
  const auto sent = sent_unanswered(stage, 1);
  stage.publisher->acknowledge(sent[0].token, ReasonCode{0x91});
  stage.run();
  REQUIRE(stage.events().size() == 2);
  stage.publisher->acknowledge(stage.events()[1].token, ReasonCode{0x91});
  stage.run();
  CHECK(stage.events().size() == 2);
  stage.pass(6s);
  REQUIRE(stage.events().size() == 3);
  stage.publisher->acknowledge(stage.events()[2].token);
  stage.run();
  CHECK(stage.cursor(EventClass::telemetry) == Seq{1});
}

TEST_CASE("a new alarm does not wait for the backoff of a refused one", "[upstream][unit]") {
  Stage stage;
  stage.open();
  stage.broker.answers = false;
  stage.spool.commit(EventClass::alarm);
  stage.run();
  // The class is refused often enough to reach the longest wait.
  for (int round = 0; round < 8; ++round) {
    stage.publisher->acknowledge(stage.events().back().token, ReasonCode{0x87});
    stage.run();
    stage.pass(5min);
  }
  stage.publisher->acknowledge(stage.events().back().token, ReasonCode{0x87});
  stage.run();
  const auto before = stage.events().size();
  stage.spool.commit(EventClass::alarm);
  stage.run();
  stage.pass(1s);
  REQUIRE(stage.events().size() == before + 2);
  stage.publisher->acknowledge(stage.events()[before].token, ReasonCode{0x87});
  stage.publisher->acknowledge(stage.events()[before + 1].token);
  stage.run();
  CHECK(stage.cursor(EventClass::alarm) == Seq{2});
  CHECK(stage.spool.aside.size() == 1);
}

TEST_CASE("uplink does not set aside what it will send again on a new link", "[upstream][unit]") {
  Stage stage;
  stage.open();
  const auto sent = sent_unanswered(stage, 1);
  stage.publisher->acknowledge(sent[0].token, ReasonCode{0x90});
  // The link ends before the copy is made.
  stage.publisher->lose({Failure::Kind::unavailable, "the broker hung up", "Wait"});
  stage.run();
  CHECK(stage.spool.aside.empty());
  CHECK(stage.cursor(EventClass::telemetry) == Seq{0});
}

TEST_CASE("what was set aside is offered again with a new link, and taken back when accepted",
          "[upstream][unit]") {
  Stage stage;
  stage.open();
  const auto sent = sent_unanswered(stage, 3);
  for (const auto& each : sent) stage.publisher->acknowledge(each.token, ReasonCode{0x99});
  stage.run();
  REQUIRE(stage.spool.aside.size() == 3);
  CHECK(stage.cursor(EventClass::telemetry) == Seq{3});
  // Set-aside records are not offered again on the same link, however long it is idle.
  stage.pass(20min);
  CHECK(stage.events().size() == 3);

  stage.lose_link();
  stage.pass(60s);
  stage.publisher->accept();
  stage.run();
  stage.publisher->acknowledge(stage.states().back().token);
  stage.run();
  // On the new link they are offered one at a time, under the same ids.
  REQUIRE(stage.events().size() == 4);
  CHECK(stage.events()[3].payload == sent[0].payload);
  stage.publisher->acknowledge(stage.events()[3].token);
  stage.run();
  REQUIRE(stage.events().size() == 5);
  stage.publisher->acknowledge(stage.events()[4].token, ReasonCode{0x99});
  stage.run();
  REQUIRE(stage.events().size() == 6);
  stage.publisher->acknowledge(stage.events()[5].token);
  stage.run();
  REQUIRE(stage.spool.aside.size() == 1);
  CHECK(stage.spool.aside.begin()->second.record.seq == Seq{2});
  CHECK(stage.events().size() == 6);
  CHECK(stage.log.count("had refused before") == 2);
}

TEST_CASE("what was set aside waits for everything else, and is offered every ten minutes at most",
          "[upstream][unit]") {
  Stage stage;
  auto refused = upstream_test::a_record(EventClass::alarm, 4711);
  REQUIRE(stage.spool.set_aside("street", refused, 0x90));
  stage.spool.commit(EventClass::telemetry, 200);
  stage.broker.judge = [](const Publication& publication) {
    const bool aside = publication.payload.find(".a.4711") != std::string::npos;
    return ReasonCode{aside ? std::uint8_t{0x90} : std::uint8_t{0}};
  };
  stage.open();
  REQUIRE(stage.events().size() == 201);
  CHECK(stage.events().back().payload.find(".a.4711") != std::string::npos);
  CHECK(stage.spool.aside.size() == 1);

  stage.pass(20s);
  stage.lose_link();
  stage.pass(61s);
  REQUIRE(stage.uplink->status().state == UplinkState::connected);
  CHECK(stage.events().size() == 201);
  stage.pass(10min);
  stage.lose_link();
  stage.pass(61s);
  CHECK(stage.events().size() == 202);
  // On a link that stands they are also offered again from time to time, so that a cured broker is
  // noticed.
  stage.pass(1h);
  CHECK(stage.events().size() == 203);
}

TEST_CASE("a set-aside record that costs the link does not keep the others from their turn",
          "[upstream][unit]") {
  Stage stage;
  REQUIRE(stage.spool.set_aside("street", upstream_test::a_record(EventClass::alarm, 1), 0x90));
  REQUIRE(stage.spool.set_aside("street", upstream_test::a_record(EventClass::alarm, 2), 0x90));
  stage.broker.answers = false;
  stage.open();
  stage.publisher->accept();
  stage.run();
  stage.publisher->acknowledge(stage.states().back().token);
  stage.run();
  REQUIRE(stage.events().size() == 1);
  CHECK(stage.events()[0].payload.find(".a.1\"") != std::string::npos);
  stage.pass(11min);

  stage.broker.answers = true;
  stage.pass(61s);
  REQUIRE(stage.events().size() == 2);
  CHECK(stage.events()[1].payload.find(".a.2\"") != std::string::npos);
  CHECK(stage.spool.aside.size() == 1);
}

TEST_CASE("uplink keeps a refused event and lets the other classes go on", "[upstream][unit]") {
  Stage stage;
  stage.open();
  stage.broker.answers = false;
  stage.spool.commit(EventClass::telemetry);
  stage.run();
  stage.publisher->acknowledge(stage.events()[0].token, ReasonCode{0x87});
  stage.run();

  stage.broker.answers = true;
  stage.spool.commit(EventClass::alarm, 2);
  stage.run();
  CHECK(stage.cursor(EventClass::alarm) == Seq{2});
  CHECK(stage.cursor(EventClass::telemetry) == Seq{0});
  CHECK(stage.failure().find("not authorized") != std::string::npos);
  CHECK(stage.log.count("refuses telemetry") == 1);

  stage.pass(6s);
  CHECK(stage.cursor(EventClass::telemetry) == Seq{1});
  CHECK(stage.failure().empty());
  CHECK(stage.log.count("accepts everything again") == 1);
}

TEST_CASE("uplink lets a refused class rest on when the refusal cost the link",
          "[upstream][unit]") {
  Stage stage;
  stage.open();
  stage.broker.answers = false;
  stage.spool.commit(EventClass::telemetry);
  stage.run();
  stage.publisher->acknowledge(stage.events()[0].token, ReasonCode{0x87});
  stage.publisher->lose({Failure::Kind::unavailable, "the broker hung up", "Wait"});
  stage.run();
  stage.broker.answers = true;
  stage.pass(1s);
  REQUIRE(stage.uplink->status().state == UplinkState::connected);
  CHECK(stage.events().size() == 1);

  stage.pass(6s);
  CHECK(stage.events().size() == 2);
  CHECK(stage.cursor(EventClass::telemetry) == Seq{1});
}

TEST_CASE("uplink says a refusal of two classes once each, however their answers mix",
          "[upstream][unit]") {
  Stage stage;
  stage.open();
  stage.broker.answers = false;
  stage.spool.commit(EventClass::telemetry, 10);
  stage.spool.commit(EventClass::status, 10);
  stage.run();
  const auto sent = stage.events();
  REQUIRE(sent.size() == 20);
  for (std::size_t i = 0; i < 10; ++i) {
    stage.publisher->acknowledge(sent[i].token, ReasonCode{0x87});
    stage.publisher->acknowledge(sent[i + 10].token, ReasonCode{0x87});
  }
  stage.run();
  CHECK(stage.log.count("refuses telemetry") == 1);
  CHECK(stage.log.count("refuses status") == 1);
}

}  // namespace watchpost::upstream

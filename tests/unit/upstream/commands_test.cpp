// What an upstream asks for: heard, handed on once, answered, and never in the way of an alarm.
#include <boost/json.hpp>

#include "unit/upstream/stage.hpp"

namespace watchpost::upstream {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;
using upstream_test::Stage;

constexpr const char* kCommands = "wp/v1/310118/106/203/zhaoxiang-03/cmd";
constexpr const char* kResults = "wp/v1/310118/106/203/zhaoxiang-03/cmd/result";
constexpr const char* kTake =
    R"({"action":"take","alarm":37,"by":"Wang","key":"k1","seen_revision":1})";

// An Uplink whose commands the test decides.
struct Desk : Stage {
  struct Wish {
    Command command;
    UplinkSurroundings::Told told;
  };
  std::vector<Wish> wishes;

  explicit Desk(DutyActionSet granted = upstream_actions(), UplinkOptions options = {}) {
    obey = [this](const Command& command, UplinkSurroundings::Told told) {
      wishes.push_back({command, std::move(told)});
    };
    options.commands = granted;
    open(options);
  }
  void arrive(std::string text, upstream_test::FakeLink::With with = {}) {
    publisher->arrive(kCommands, std::move(text), std::move(with));
    run();
  }
  void decide(std::size_t which, watchpost::Refusal refusal = watchpost::Refusal::none) {
    CommandResult result;
    result.refusal = refusal;
    wishes.at(which).told(result);
    run();
  }
  [[nodiscard]] std::vector<Publication> answers() const {
    std::vector<Publication> all;
    for (const Publication& each : broker.received) {
      if (each.topic.find("/cmd/") != std::string::npos) all.push_back(each);
    }
    return all;
  }
  [[nodiscard]] json::object answer(std::size_t which) const {
    return json::parse(answers().at(which).payload).as_object();
  }
};

std::string reason_in(const json::object& answer) {
  return std::string(answer.at("reason").as_string());
}

}  // namespace

TEST_CASE("an upstream that may ask for nothing is not listened to", "[upstream][unit]") {
  Desk desk{DutyActionSet{}};
  CHECK(desk.broker.subscriptions.empty());
  desk.uplink->grant(upstream_actions());
  desk.run();
  CHECK(desk.broker.subscriptions == std::vector<std::string>{kCommands});
  desk.uplink->grant({});
  desk.run();
  desk.lose_link();
  desk.pass(60s);
  REQUIRE(desk.broker.connects == 2);
  CHECK(desk.broker.subscriptions.empty());
}

TEST_CASE("a command is acknowledged and answered once it is decided, by whom it came",
          "[upstream][unit]") {
  Desk desk;
  CHECK(desk.broker.subscriptions == std::vector<std::string>{kCommands});
  desk.arrive(kTake);
  REQUIRE(desk.wishes.size() == 1);
  const Command& command = desk.wishes[0].command;
  CHECK(command.action == DutyAction::take);
  CHECK(command.alarm.serial.value == 37);
  CHECK(command.by.origin == Origin::upstream);
  CHECK(command.by.who == "Wang");
  CHECK(command.by.from == "street");
  CHECK(command.granted == upstream_actions());
  CHECK(desk.broker.settled.empty());
  CHECK(desk.answers().empty());
  desk.decide(0);
  CHECK(desk.broker.settled == std::vector<std::uint64_t>{1});
  REQUIRE(desk.answers().size() == 1);
  CHECK(desk.answers()[0].topic == kResults);
  CHECK_FALSE(desk.answers()[0].retain);
  CHECK(desk.answer(0).at("done").as_bool());
  CHECK(desk.answer(0).at("key").as_string() == "k1");
  CHECK(desk.answer(0).at("action").as_string() == "take");
}

TEST_CASE("a range that is asked for goes again once, behind nothing new and up to the newest",
          "[upstream][unit]") {
  Desk desk;
  desk.spool.commit(EventClass::status, 6);
  desk.run();
  const auto sent = [&desk] {
    std::vector<std::string> all;
    for (const Publication& each : desk.events()) {
      if (each.topic.find("/cmd/") == std::string::npos) all.push_back(each.payload);
    }
    return all;
  };
  const std::size_t before = sent().size();
  constexpr const char* kReplay =
      R"({"action":"replay","class":"status","first":2,"last":900,"by":"Wang","key":"k"})";
  desk.arrive(kReplay);
  desk.decide(0, watchpost::Refusal::not_granted);
  CHECK(sent().size() == before);
  desk.arrive(kReplay);
  desk.decide(1);
  REQUIRE(sent().size() == before + 5);
  CHECK(sent()[before].find(R"("sequence":"0000000000000002")") != std::string::npos);
  CHECK(desk.cursor(EventClass::status) == Seq{6});
  desk.arrive(kReplay);
  CommandResult repeat;
  repeat.is_repeat = true;
  desk.wishes.at(2).told(repeat);
  desk.run();
  CHECK(sent().size() == before + 5);
  CHECK(desk.log.count("5 were sent again and 0 are not kept") == 1);
}

TEST_CASE("answers for which there is no room are told of", "[upstream][unit]") {
  UplinkOptions patient;
  patient.acknowledge_timeout = 1h;
  Desk desk(upstream_actions(), patient);
  desk.broker.answers = false;
  constexpr std::size_t kMore = CommandInbox::kMostAnswers + 3;
  for (std::size_t i = 0; i < kMore; ++i) {
    desk.arrive(R"({"action":"dance"})");
    desk.pass(1s);
  }
  CHECK(desk.log.count("so the oldest are dropped") == 1);
}

TEST_CASE("a sender cannot say that it is somebody else's", "[upstream][unit]") {
  Desk desk;
  desk.arrive(R"({"action":"note","alarm":1,"by":"Wang","from":"front desk","key":"k"})");
  CHECK(desk.wishes.at(0).command.by.from == "street: front desk");
}

TEST_CASE("what is decided later is acknowledged in the order of arrival", "[upstream][unit]") {
  Desk desk;
  for (int i = 0; i < 3; ++i) desk.arrive(kTake);
  desk.decide(2);
  desk.decide(1);
  CHECK(desk.broker.settled.empty());
  desk.decide(0, watchpost::Refusal::expired);
  CHECK(desk.broker.settled == std::vector<std::uint64_t>{1, 2, 3});
  CHECK(reason_in(desk.answer(2)) == "expired");
  CHECK(desk.answer(2).at("text").at("zh-CN").as_string().find("过期") != std::string::npos);
}

TEST_CASE("what a link ended over is not acknowledged on the next, and is answered there",
          "[upstream][unit]") {
  Desk desk;
  desk.arrive(kTake);
  desk.lose_link();
  desk.decide(0);
  desk.pass(60s);
  REQUIRE(desk.broker.connects == 2);
  CHECK(desk.broker.settled.empty());
  CHECK(desk.answers().size() == 1);
  desk.arrive(kTake);
  desk.decide(1);
  CHECK(desk.broker.settled == std::vector<std::uint64_t>{2});
}

TEST_CASE("an answer goes where its sender wants it, and nowhere else than below cmd/result",
          "[upstream][unit]") {
  Desk desk;
  const std::string own = kResults + std::string("/desk-7");
  desk.arrive(kTake, {false, own, std::string("\0\xff", 2)});
  desk.decide(0);
  CHECK(desk.answers().at(0).topic == own);
  CHECK(desk.answers().at(0).correlation_data == std::string("\0\xff", 2));
  for (const std::string& topic :
       {std::string("wp/v1/310118/106/203/zhaoxiang-03/alarm/fire/x"),
        std::string("wp/v1/310118/106/203/other/cmd/result"), std::string(kCommands),
        kResults + std::string("s"), kResults + std::string("/#"), kResults + std::string("/+/x"),
        kResults + std::string(600, '/')}) {
    CAPTURE(topic);
    const std::size_t before = desk.answers().size();
    desk.arrive(kTake, {false, topic, std::string(257, 'x')});
    desk.decide(desk.wishes.size() - 1);
    REQUIRE(desk.answers().size() == before + 1);
    CHECK(desk.answers().back().topic == kResults);
    CHECK(desk.answers().back().correlation_data.empty());
  }
}

TEST_CASE("what is retained, too large or no command is refused in words, and not handed on",
          "[upstream][unit]") {
  Desk desk;
  desk.arrive(kTake, {true, {}, {}});
  desk.arrive(std::string(16'385, ' '));
  desk.arrive("{");
  desk.arrive(R"({"action":"dance"})");
  desk.arrive("\xff\xfe");
  CHECK(desk.wishes.empty());
  REQUIRE(desk.answers().size() == 5);
  CHECK(reason_in(desk.answer(0)) == "retained_copy");
  CHECK(reason_in(desk.answer(1)) == "too_large");
  for (const std::size_t i : {2U, 3U, 4U}) CHECK(reason_in(desk.answer(i)) == "unreadable");
  CHECK(desk.answer(3).at("text").at("zh-CN").as_string().find("action") != std::string::npos);
  CHECK(desk.broker.settled.size() == 5);
  CHECK(desk.uplink->status().counts.commands_refused == 5);
  // What clears a retained message is no command.
  desk.arrive("");
  CHECK(desk.answers().size() == 5);
  CHECK(desk.broker.settled.size() == 6);
}

TEST_CASE("sixty commands at once and one a second are looked at, no more", "[upstream][unit]") {
  Desk desk;
  for (int i = 0; i < 1'000; ++i) desk.publisher->arrive(kCommands, kTake);
  desk.run();
  CHECK(desk.wishes.size() == 60);
  for (std::size_t i = 0; i < 60; ++i) desk.wishes[i].told({});
  desk.run();
  CHECK(desk.broker.settled.size() == 1'000);
  // One of the others is told.
  CHECK(desk.answers().size() == 61);
  CHECK(reason_in(desk.answer(0)) == "too_many");
  desk.pass(2s);
  for (int i = 0; i < 10; ++i) desk.publisher->arrive(kCommands, kTake);
  desk.run();
  CHECK(desk.wishes.size() == 62);
}

TEST_CASE("one answer is under way at a time, and alarms go first", "[upstream][unit]") {
  Desk desk;
  desk.broker.answers = false;
  for (int i = 0; i < 5; ++i) desk.arrive(kTake);
  for (std::size_t i = 0; i < 5; ++i) desk.wishes[i].told({});
  desk.spool.commit(EventClass::alarm, 3);
  desk.run();
  const auto events = desk.events();
  CHECK(desk.answers().size() == 1);
  CHECK(events.size() == 4);
  CHECK(desk.cursor(EventClass::alarm) == Seq{0});
}

TEST_CASE("answers that wait are bounded", "[upstream][unit]") {
  Desk desk;
  desk.broker.answers = false;
  for (int i = 0; i < 300; ++i) {
    desk.pass(1s);
    desk.arrive(R"({"action":"take","alarm":1,"by":"W","key":"k)" + std::to_string(i) + "\"}");
    desk.wishes.back().told({});
    desk.run();
    if (desk.broker.connects > 1) break;
  }
  CHECK(desk.answers().size() <= 2);
}

TEST_CASE("a server that forbids commands is a trouble that names the topic", "[upstream][unit]") {
  Stage stage;
  stage.broker.denied = kCommands;
  UplinkOptions options;
  options.commands = upstream_actions();
  stage.open(options);
  const auto trouble = stage.uplink->status().commands_trouble;
  REQUIRE(trouble.has_value());
  CHECK(trouble->code == TroubleCode::upstream_commands_forbidden);
  const auto sentence = sentence_of(*trouble, Language::english);
  CHECK(sentence.find(kCommands) != std::string::npos);
  CHECK(sentence.find("access list") != std::string::npos);
  stage.broker.denied.clear();
  stage.lose_link();
  stage.pass(60s);
  CHECK_FALSE(stage.uplink->status().commands_trouble.has_value());
}

TEST_CASE("a server that refuses answers is a trouble, and commands are obeyed all the same",
          "[upstream][unit]") {
  Desk desk;
  desk.broker.judge = [](const Publication& publication) {
    return publication.topic == kResults ? ReasonCode::not_authorized : ReasonCode{0};
  };
  desk.arrive(kTake);
  desk.decide(0);
  REQUIRE(desk.uplink->status().commands_trouble.has_value());
  CHECK(desk.uplink->status().commands_trouble->code == TroubleCode::upstream_refuses_answers);
  desk.spool.commit(EventClass::alarm, 1);
  desk.run();
  CHECK(desk.cursor(EventClass::alarm) == Seq{1});
}

TEST_CASE("a server that ends each link over commands is left alone with them for an hour",
          "[upstream][unit]") {
  Stage stage;
  stage.broker.answers = false;
  UplinkOptions options;
  options.commands = upstream_actions();
  stage.open(options);
  const auto end_over_subscription = [&stage] {
    stage.publisher->accept();
    stage.run();
    REQUIRE(stage.broker.subscriptions.size() == 1);
    stage.publisher->lose(failure_of(Failure::Kind::unavailable,
                                     trouble<TroubleCode::link_closed>(arg<"url">("mqtt://x"))),
                          client::LinkEnd::How::closed);
    stage.run();
    stage.pass(60s);
  };
  end_over_subscription();
  end_over_subscription();
  stage.publisher->accept();
  stage.run();
  CHECK(stage.broker.subscriptions.empty());
  REQUIRE(stage.uplink->status().commands_trouble.has_value());
  CHECK(stage.uplink->status().commands_trouble->code == TroubleCode::upstream_without_commands);
}

}  // namespace watchpost::upstream

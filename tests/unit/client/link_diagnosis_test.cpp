// Why a link keeps ending, concluded from the last links.
#include "client/link_diagnosis.hpp"

#include "model/trouble_catalogue.hpp"
#include "support/catch.hpp"

namespace watchpost::client {
namespace {

using namespace std::chrono_literals;

constexpr const char* kAlarms = "wp/v1/310118/106/203/zhaoxiang-03/alarm/#";

LinkEnd closed() {
  return {LinkEnd::How::closed,
          0,
          {Failure::Kind::unavailable, "the other side closed it", "Check the network"}};
}

LinkEnd unreached() {
  return {LinkEnd::How::unreached,
          0,
          {Failure::Kind::unavailable, "it cannot be reached", "Check the network"}};
}

// A diagnosis and its clock.
struct Links {
  SteadyTime now{1h};
  LinkDiagnosis diagnosis;

  void stand(std::chrono::milliseconds life, const LinkEnd& end,
             const std::optional<SentItem>& unanswered = std::nullopt) {
    diagnosis.connected(now);
    pass(life);
    diagnosis.ended(end, unanswered, now);
    pass(1s);
  }
  void pass(std::chrono::milliseconds time) {
    now += time;
    static_cast<void>(diagnosis.look(now));
  }
  [[nodiscard]] LinkCause cause() const { return diagnosis.reason().value().cause; }
  [[nodiscard]] std::string sentence() const {
    return sentence_of(diagnosis.reason().value(), "watchpost-zhaoxiang-03-street");
  }
};

}  // namespace

TEST_CASE("the end of one good link is told as it was, and forgotten with the next link",
          "[client][unit]") {
  Links links;
  links.stand(2h, closed());
  CHECK(links.cause() == LinkCause::told);
  CHECK(links.sentence().find("Check the network") != std::string::npos);
  links.diagnosis.connected(links.now);
  CHECK_FALSE(links.diagnosis.reason().has_value());
}

TEST_CASE("a link that ends right after a refusal names what was refused, and goes on naming it",
          "[client][unit]") {
  Links links;
  for (int i = 0; i < 3; ++i) {
    links.diagnosis.connected(links.now);
    CHECK((i == 0 || links.cause() == LinkCause::refused));
    links.diagnosis.refused({kAlarms}, 0x87, links.now);
    links.pass(100ms);
    links.diagnosis.ended(closed(), SentItem{kAlarms, 7, 300}, links.now);
    REQUIRE(links.cause() == LinkCause::refused);
    links.pass(10s);
  }
  CHECK(links.sentence().find(kAlarms) != std::string::npos);
  CHECK(links.sentence().find("0x87") != std::string::npos);
  CHECK(links.sentence().find("gateway.area") != std::string::npos);

  // Now the server allows the topic.
  links.diagnosis.connected(links.now);
  links.diagnosis.accepted("wp/v1/310118/106/203/zhaoxiang-03/telemetry/#");
  CHECK(links.diagnosis.reason().has_value());
  links.diagnosis.accepted(kAlarms);
  CHECK_FALSE(links.diagnosis.reason().has_value());
}

TEST_CASE("links that ended over a refusal do not accuse somebody else at the next end",
          "[client][unit]") {
  Links links;
  for (int i = 0; i < 2; ++i) {
    links.diagnosis.connected(links.now);
    links.diagnosis.refused({kAlarms}, 0x87, links.now);
    links.pass(100ms);
    links.diagnosis.ended(closed(), SentItem{kAlarms, 7, 300}, links.now);
  }
  // The next link is cut before the server's answer could be read.
  links.stand(100ms, closed(), SentItem{"wp/v1/310118/106/203/zhaoxiang-03/telemetry/#", 8, 300});
  CHECK(links.cause() == LinkCause::told);
  links.diagnosis.connected(links.now);
  CHECK_FALSE(links.diagnosis.reason().has_value());
}

TEST_CASE("a refusal long before the end is not its reason", "[client][unit]") {
  Links links;
  links.diagnosis.connected(links.now);
  links.diagnosis.refused({kAlarms}, 0x87, links.now);
  links.pass(10s);
  links.diagnosis.ended(closed(), std::nullopt, links.now);
  CHECK(links.cause() == LinkCause::told);
}

TEST_CASE(
    "links that the other side ends soon, again and again, are told as another client with our id",
    "[client][unit]") {
  Links links;
  links.stand(3s, closed());
  CHECK(links.cause() == LinkCause::told);
  links.stand(2s, closed(), SentItem{kAlarms, 1, 300});
  CHECK(links.cause() == LinkCause::told);  // a server that was started twice ends two links
  links.stand(4s, closed(), SentItem{kAlarms, 2, 300});
  CHECK(links.cause() == LinkCause::taken_over);
  CHECK(links.sentence().find("watchpost-zhaoxiang-03-street") != std::string::npos);
  CHECK(links.sentence().find("SD card") != std::string::npos);
}

TEST_CASE("where the library does not tell who ended the links, both causes are named",
          "[client][unit]") {
  Links links;
  LinkEnd unsaid = closed();
  unsaid.how = LinkEnd::How::unsaid;
  for (int i = 0; i < 3; ++i) links.stand(3s, unsaid);
  CHECK(links.cause() == LinkCause::taken_over);
  CHECK(links.sentence().find("the network breaks, or somebody else connects as "
                              "\"watchpost-zhaoxiang-03-street\"") != std::string::npos);
}

TEST_CASE("a link that stood for ten seconds has held, whatever ended it", "[client][unit]") {
  Links links;
  links.diagnosis.connected(links.now);
  links.pass(LinkDiagnosis::kHeld - 1ms);
  CHECK_FALSE(links.diagnosis.ended(closed(), std::nullopt, links.now));
  CHECK_FALSE(links.diagnosis.ended(unreached(), std::nullopt, links.now));
  links.diagnosis.connected(links.now);
  links.pass(LinkDiagnosis::kHeld);
  CHECK(links.diagnosis.ended(closed(), std::nullopt, links.now));
}

TEST_CASE("a reason does not go because the link came back for a moment", "[client][unit]") {
  Links links;
  for (int i = 0; i < 3; ++i) links.stand(20s, closed());
  REQUIRE(links.cause() == LinkCause::taken_over);
  links.diagnosis.connected(links.now);
  links.pass(30s);
  CHECK(links.diagnosis.reason().has_value());
  // The link has now stood much longer than those before.
  REQUIRE(links.diagnosis.due_at().has_value());
  links.pass(31s);
  CHECK_FALSE(links.diagnosis.reason().has_value());
  CHECK_FALSE(links.diagnosis.due_at().has_value());
  // After that the diagnosis counts from the beginning.
  links.diagnosis.ended(closed(), std::nullopt, links.now);
  CHECK(links.cause() == LinkCause::told);
}

TEST_CASE("links that end over the same publication name its topic and size", "[client][unit]") {
  Links links;
  const SentItem online{"wp/v1/310118/106/203/zhaoxiang-03/status/gateway/online", 0, 412};
  for (int i = 0; i < 2; ++i) {
    links.stand(50ms, closed(), online);
    CHECK(links.cause() == LinkCause::told);
  }
  links.stand(50ms, closed(), online);
  CHECK(links.cause() == LinkCause::one_item);
  CHECK(links.sentence().find("status/gateway/online") != std::string::npos);
  CHECK(links.sentence().find("412") != std::string::npos);
  // Left out of the next link, it makes room for another that the server takes no better.
  links.stand(50ms, closed(), SentItem{kAlarms, 1, 300, LikelyRule::levels, 9});
  CHECK(links.cause() == LinkCause::one_item);
  CHECK(links.sentence().find("it has 9") != std::string::npos);
  // A second publication on the same topic is not the same item.
  Links others;
  for (std::uint64_t i = 1; i <= 3; ++i) others.stand(50ms, closed(), SentItem{kAlarms, i, 300});
  CHECK(others.cause() == LinkCause::taken_over);
}

TEST_CASE("an attempt that fails for another reason is told with that reason", "[client][unit]") {
  Links links;
  for (int i = 0; i < 3; ++i) links.stand(1s, closed());
  REQUIRE(links.cause() == LinkCause::taken_over);
  links.diagnosis.ended(unreached(), std::nullopt, links.now);
  CHECK(links.cause() == LinkCause::told);
  CHECK(links.sentence().find("cannot be reached") != std::string::npos);
  links.diagnosis.connected(links.now);
  CHECK_FALSE(links.diagnosis.reason().has_value());
}

TEST_CASE("a network that breaks accuses nobody", "[client][unit]") {
  Links links;
  LinkEnd broken = closed();
  broken.how = GENERATE(LinkEnd::How::broken, LinkEnd::How::silent, LinkEnd::How::ours);
  for (int i = 0; i < 5; ++i) {
    links.stand(1s, broken);
    CHECK(links.cause() == LinkCause::told);
  }
}

}  // namespace watchpost::client

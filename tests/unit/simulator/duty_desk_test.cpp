#include "simulator/duty_desk.hpp"

#include "support/catch.hpp"

using namespace watchpost;
using namespace watchpost::simulator;

namespace {

std::string list_of(std::string_view alarm) {
  return R"({"alarms":[)" + std::string(alarm) + "]}";
}

std::string did(const std::vector<Command>& acts) {
  std::string words;
  for (const Command& each : acts) words += std::string(to_string(each.action)) + " ";
  return words;
}

constexpr std::string_view kNew =
    R"({"number":4,"epoch":"7f3a0001","state":"UNACK","age_s":3,"device":"s","revision":2})";

}  // namespace

TEST_CASE("the desk takes an alarm after a moment, once, and closes it when it is over",
          "[simulator][unit]") {
  DutyDesk desk({"s"}, 4);
  CHECK(did(desk.look(list_of(
                R"({"number":5,"epoch":"7f3a0001","state":"UNACK","age_s":1,"device":"s"})")))
            .empty());
  CHECK(desk.has_more());
  const auto first = desk.look(list_of(kNew));
  CHECK(did(first) == "escalate take ");
  CHECK(to_string(first.front().alarm) == "7f3a0001-4");
  CHECK(desk.seen() == 2);
  CHECK(first.front().by.who == "duty desk");
  CHECK(first.back().seen_revision == 2);
  CHECK(desk.look(list_of(kNew)).empty());
  CHECK(did(desk.look(list_of(
            R"({"number":5,"epoch":"7f3a0001","state":"SUSPECTED","age_s":9,"device":"s"})"))) ==
        "take ");

  CHECK(desk
            .look(list_of(
                R"({"number":9,"epoch":"7f3a0001","state":"UNACK","age_s":60,"device":"real"})"))
            .empty());
  CHECK_FALSE(desk.has_more());
  CHECK(
      desk.look(list_of(R"({"number":4,"epoch":"7f3a0001","state":"ACK","age_s":9,"device":"s"})"))
          .empty());
  CHECK_FALSE(desk.has_more());
  CHECK(desk.has_open());
  const auto over = desk.look(list_of(
      R"({"number":4,"epoch":"7f3a0001","state":"CLOSE-PENDING","age_s":12,"device":"s"})"));
  REQUIRE(did(over) == "close ");
  CHECK(over.front().outcome.has_value());
}

TEST_CASE("what was refused because an alarm had changed is asked for again", "[simulator][unit]") {
  DutyDesk desk({"s"}, 4);
  CHECK(did(desk.look(list_of(kNew))) == "escalate take ");
  std::string changed(kNew);
  changed.replace(changed.find("\"revision\":2"), 12, "\"revision\":3");
  const auto again = desk.look(list_of(changed));
  CHECK(did(again) == "take ");
  CHECK(again.front().seen_revision == 3);
}

TEST_CASE("a list that cannot be read has nothing to do in it", "[simulator][unit]") {
  DutyDesk desk({"s"}, 1);
  for (const auto* answer : {"", "{}", "[]", R"({"alarms":7})", R"({"alarms":[7,{}]})"}) {
    INFO(answer);
    CHECK(desk.look(answer).empty());
    CHECK_FALSE(desk.has_more());
  }
}

// What a street shows of its villages' alarms: the newest word of each, in whatever order they
// come.
#include "villages/mirrors.hpp"

#include <fmt/format.h>

#include <vector>

#include "support/catch.hpp"

namespace watchpost::villages {
namespace {

constexpr std::string_view kPrefix = "wp/v1/310118/106/203/zhaoxiang-03/";

std::string a_change(std::uint64_t number, std::uint64_t transition, std::string_view state,
                     std::string_view more = "") {
  return fmt::format(
      R"({{"type":"cn.watchpost.fire.transition.v1","data":{{"alarm":{{"number":{},)"
      R"("epoch":"7f3a0001","device":"kitchen","kind":"smoke","state":"{}","open":{},)"
      R"("transition":{},"revision":{}{}}}}}}})",
      number, state, state == "CLOSED" ? "false" : "true", transition, transition, more);
}

std::string topic_of(std::string_view rest) {
  return std::string(kPrefix) + std::string(rest);
}

struct Book {
  Mirrors mirrors;
  void hear(std::string_view payload, Mirrors::Source source = Mirrors::Source::live,
            WallTime at = WallTime{std::chrono::seconds{100}}) {
    const auto word = village_word({topic_of("alarm/fire/kitchen"), payload});
    REQUIRE(word.has_value());
    mirrors.hear(*word, at, source);
  }
  [[nodiscard]] const Village& village() const { return *mirrors.find("zhaoxiang-03"); }
  [[nodiscard]] const Mirror* alarm(std::uint64_t count, std::uint32_t epoch = 0) const {
    return mirrors.find(village(), {epoch, AlarmSerial{count}});
  }
};

void say_link(Book& book, std::string_view state) {
  const auto word = village_word(
      {topic_of("status/gateway/online"),
       fmt::format(R"({{"type":"cn.watchpost.gateway.online.v1","data":{{"state":"{}"}}}})",
                   state)});
  book.mirrors.hear(*word, {}, Mirrors::Source::live);
}

}  // namespace

TEST_CASE("a village's change of an alarm is read as the village says it", "[villages][unit]") {
  const auto word =
      village_word({topic_of("alarm/fire/kitchen"),
                    a_change(37, 2, "ACK",
                             R"(,"owner":"王","place":"3F","level":"red","count":4,"test":true)")});
  REQUIRE(word.has_value());
  CHECK(word->gateway == "zhaoxiang-03");
  CHECK(word->prefix == kPrefix);
  REQUIRE(word->alarm.has_value());
  CHECK(word->alarm->number == AlarmNumber{0x7f3a0001, AlarmSerial{37}});
  CHECK(word->alarm->owner == "王");
  CHECK(word->alarm->place == "3F");
  CHECK(word->alarm->count == 4);
  CHECK(word->alarm->test);
  CHECK(word->alarm->open);
  // A name without end takes no more room than a person reads, and stays UTF-8.
  std::string name;
  for (int i = 0; i < 1'000; ++i) name += "厨";
  const auto long_one = village_word(
      {topic_of("alarm/fire/kitchen"), a_change(1, 1, "UNACK", ",\"name\":\"" + name + "\"")});
  REQUIRE(long_one->alarm.has_value());
  CHECK(long_one->alarm->name.size() == 255);
}

TEST_CASE("what is no change of an alarm changes none", "[villages][unit]") {
  CHECK_FALSE(village_word({"zigbee2mqtt/kitchen", a_change(1, 1, "UNACK")}).has_value());
  CHECK_FALSE(village_word({topic_of("cmd/result"), a_change(1, 1, "UNACK")}).has_value());
  for (const std::string rest :
       {"", ",\"data\":7", ",\"data\":{\"alarm\":[]}",
        R"(,"data":{"alarm":{"number":-1,"epoch":"7f3a0001"}})",
        R"(,"data":{"alarm":{"number":1,"epoch":"x"}})", R"(,"data":{"alarm":{"number":1}})",
        R"(,"data":{"alarm":{"epoch":"7f3a0001"}})", "{"}) {
    const std::string payload = R"({"type":"cn.watchpost.fire.transition.v1")" + rest + "}";
    CAPTURE(payload);
    const auto word = village_word({topic_of("alarm/fire/kitchen"), payload});
    REQUIRE(word.has_value());
    CHECK_FALSE(word->alarm.has_value());
  }
  CHECK_FALSE(
      village_word({topic_of("status/fire/kitchen"), a_change(1, 1, "UNACK")})->alarm.has_value());
  auto evidence = a_change(1, 1, "UNACK");
  evidence.replace(evidence.find("transition"), 10, "alarm");
  CHECK_FALSE(village_word({topic_of("alarm/fire/kitchen"), evidence})->alarm.has_value());
}

TEST_CASE("the newest word of an alarm is what is shown, in whatever order they come",
          "[villages][unit]") {
  Book book;
  book.hear(a_change(1, 2, "ACK"));
  book.hear(a_change(1, 1, "UNACK"));
  CHECK(book.alarm(1)->state == "ACK");
  CHECK(book.mirrors.open() == 1);
  book.hear(a_change(1, 3, "CLOSED"));
  CHECK(book.mirrors.open() == 0);
  CHECK(book.village().open == 0);
  book.hear(a_change(1, 2, "ACK"));
  book.hear(a_change(1, 3, "CLOSED"));
  CHECK(book.mirrors.open() == 0);
  CHECK(book.alarm(1)->state == "CLOSED");
}

TEST_CASE("a village's alarms are in order: what nobody has taken first, of that the worst",
          "[villages][unit]") {
  Book book;
  const auto level = [](std::string_view name) { return fmt::format(R"(,"level":"{}")", name); };
  book.hear(a_change(1, 1, "SHELVED", level("red")));
  book.hear(a_change(2, 1, "ACK", level("red")));
  book.hear(a_change(3, 1, "ACK", level("orange")));
  book.hear(a_change(4, 1, "UNACK", level("blue")));
  book.hear(a_change(5, 1, "RTN-UNACK", level("red")));
  book.hear(a_change(6, 1, "UNACK", level("red")));
  book.hear(a_change(7, 1, "UNACK", level("red")));
  book.hear(a_change(8, 2, "CLOSED", level("red")));
  book.hear(a_change(9, 1, "SUSPECTED", level("orange")));
  // Of a later version: it may wait for somebody.
  book.hear(a_change(10, 1, "NEW-STATE", level("yellow")));
  std::vector<std::uint64_t> order;
  for (const Mirror* mirror : open_alarms(book.village()))
    order.push_back(mirror->number.serial.value);
  CHECK(order == std::vector<std::uint64_t>{7, 6, 10, 4, 9, 5, 2, 3, 1});
}

TEST_CASE("a village's alarm of a rule is told with its rule, text and value", "[villages][unit]") {
  const auto alarm =
      village_word({topic_of("alarm/water/river"),
                    a_change(1, 1, "UNACK",
                             R"(,"rule":"high","text":"High","text_zh":"高","peak":4.12,)"
                             R"("affects":17)")})
          ->alarm;
  REQUIRE(alarm.has_value());
  CHECK(alarm->rule == "high");
  CHECK(alarm->text == "High");
  CHECK(alarm->text_zh == "高");
  CHECK(alarm->peak == 4.12);
  CHECK(alarm->affects == 17);
}

TEST_CASE("an alarm is found by its number, of two epochs the open one", "[villages][unit]") {
  Book book;
  book.hear(a_change(7, 3, "CLOSED"));
  std::string other = a_change(7, 1, "UNACK");
  other.replace(other.find("7f3a0001"), 8, "7f3a0002");
  book.hear(other);
  CHECK(book.alarm(7)->number.epoch == 0x7f3a0002);
  CHECK(book.alarm(7, 0x7f3a0001)->state == "CLOSED");
  CHECK(book.alarm(7, 0x7f3a0003) == nullptr);
  CHECK(book.alarm(8) == nullptr);
}

TEST_CASE("a village is connected once it is heard, until it says that it is gone",
          "[villages][unit]") {
  Book book;
  book.hear(a_change(1, 1, "UNACK"), Mirrors::Source::log);
  CHECK_FALSE(book.village().connected);
  CHECK(book.village().open == 1);
  say_link(book, "online");
  CHECK(book.village().connected);
  say_link(book, "offline");
  CHECK_FALSE(book.village().connected);
  CHECK(book.alarm(1)->state == "UNACK");
  book.hear(a_change(1, 2, "ACK"));
  CHECK(book.village().connected);
  CHECK(book.village().heard == WallTime{std::chrono::seconds{100}});
}

TEST_CASE("mirrors are bounded, and what finds no room is counted", "[villages][unit]") {
  Book book;
  for (std::uint64_t i = 1; i <= Mirrors::kMostOpen + 5; ++i) book.hear(a_change(i, 1, "UNACK"));
  CHECK(book.mirrors.open() == Mirrors::kMostOpen);
  CHECK(book.mirrors.beyond() == 5);
  for (std::uint64_t i = 1; i <= Mirrors::kMostOpen; ++i) book.hear(a_change(i, 2, "CLOSED"));
  CHECK(book.mirrors.open() == 0);
  CHECK(book.village().alarms.size() == Mirrors::kMostClosed);
  for (std::size_t i = 0; i < Mirrors::kMostVillages + 5; ++i) {
    VillageWord word;
    word.gateway = fmt::format("v-{}", i);
    book.mirrors.hear(word, {}, Mirrors::Source::live);
  }
  std::size_t count = 0;
  book.mirrors.for_each([&count](const std::string&, const Village&) { ++count; });
  CHECK(count == Mirrors::kMostVillages);
}

}  // namespace watchpost::villages

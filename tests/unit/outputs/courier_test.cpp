// What a channel is told, when, and that nothing is told twice or dropped.
#include "outputs/courier.hpp"

#include <algorithm>

#include "support/catch.hpp"

using namespace watchpost;
using namespace watchpost::outputs;
using namespace std::chrono_literals;

namespace {

struct Desk {
  explicit Desk(std::uint32_t per_minute = 15) : courier({per_minute}) {}

  // Alarms 1 to `count` wait.
  void alarms(std::uint64_t count, std::string_view sort = "smoke", std::uint8_t stage = 0) {
    for (std::uint64_t number = 1; number <= count; ++number)
      courier.want({AlarmSerial{number}, ServiceTime{1s}, stage, AlarmLevel::orange, sort});
    courier.end();
  }
  // What goes out now, each accepted at once: how many alarms each message has.
  std::vector<std::size_t> sent() {
    std::vector<std::size_t> sizes;
    while (const auto message = courier.next(now)) {
      for (const auto& one : message->alarms) told.push_back(one.number.value);
      sizes.push_back(message->alarms.size());
      courier.done(true, {now, 0});
    }
    return sizes;
  }
  Courier courier;
  SteadyTime now{1h};
  std::vector<std::uint64_t> told;
};

}  // namespace

TEST_CASE("an alarm is told at once, and once", "[outputs][unit]") {
  Desk desk;
  desk.alarms(1);
  CHECK(desk.sent() == std::vector<std::size_t>{1});
  desk.alarms(1);
  desk.now += 1h;
  CHECK(desk.sent().empty());
  CHECK(desk.courier.waiting() == 0);
  CHECK_FALSE(desk.courier.due_at(desk.now));
}

TEST_CASE("a later stage is told of again, and so is an alarm that waits anew", "[outputs][unit]") {
  Desk desk;
  desk.alarms(1);
  (void)desk.sent();
  desk.alarms(1, "smoke", 2);
  CHECK(desk.sent().size() == 1);
  desk.courier.want({AlarmSerial{1}, ServiceTime{900s}, 0, AlarmLevel::orange, "smoke"});
  desk.courier.end();
  CHECK(desk.sent().size() == 1);
}

TEST_CASE("what is beyond the limit goes into one digest, and none is left out or told twice",
          "[outputs][unit]") {
  Desk desk;
  desk.alarms(100);
  // Twelve alone, the rest together, in one message.
  const auto sizes = desk.sent();
  REQUIRE(sizes.size() == 13);
  CHECK(std::ranges::count(sizes, 1U) == 12);
  CHECK(sizes.back() == 88);
  std::ranges::sort(desk.told);
  CHECK(desk.told.size() == 100);
  CHECK(std::ranges::adjacent_find(desk.told) == desk.told.end());
}

TEST_CASE("never more than the limit in a minute, whatever comes", "[outputs][unit]") {
  Desk desk;
  std::size_t messages = 0;
  std::uint64_t alarms = 0;
  for (int second = 0; second < 60; ++second) {
    alarms += 5;
    desk.alarms(alarms);
    messages += desk.sent().size();
    desk.now += 1s;
  }
  CHECK(messages <= 15);
  CHECK(messages >= 14);
  desk.now += 20s;
  (void)desk.sent();
  CHECK(desk.courier.waiting() == 0);
}

TEST_CASE("the first alarm of its sort is told at once, whatever else there is",
          "[outputs][unit]") {
  Desk desk;
  desk.alarms(50);
  (void)desk.sent();
  desk.alarms(60);
  CHECK(desk.sent().empty());  // the next digest comes 20 s after the last
  desk.courier.want({AlarmSerial{900}, ServiceTime{1s}, 0, AlarmLevel::yellow, "fall"});
  for (std::uint64_t number = 51; number <= 60; ++number)
    desk.courier.want({AlarmSerial{number}, ServiceTime{1s}, 0, AlarmLevel::orange, "smoke"});
  desk.courier.end();
  CHECK(desk.sent() == std::vector<std::size_t>{1});
  CHECK(desk.told.back() == 900);
  CHECK(desk.courier.due_at(desk.now) == desk.now + 20s);
}

TEST_CASE("the worst is told first", "[outputs][unit]") {
  Desk desk;
  desk.courier.want({AlarmSerial{1}, ServiceTime{1s}, 0, AlarmLevel::yellow, "fall"});
  desk.courier.want({AlarmSerial{2}, ServiceTime{1s}, 0, AlarmLevel::red, "smoke"});
  desk.courier.end();
  (void)desk.sent();
  CHECK(desk.told == std::vector<std::uint64_t>{2, 1});
}

TEST_CASE("what was not accepted is tried again, later each time, until nobody is waited for",
          "[outputs][unit]") {
  Desk desk;
  desk.alarms(2);
  auto message = desk.courier.next(desk.now);
  REQUIRE(message);
  CHECK_FALSE(desk.courier.next(desk.now));  // one at a time
  desk.courier.done(false, {desk.now, 0});
  CHECK(desk.courier.failing_since() == desk.now);
  CHECK_FALSE(desk.courier.next(desk.now));
  CHECK(desk.courier.due_at(desk.now) == desk.now + 1s);
  desk.now += 1s;
  message = desk.courier.next(desk.now);
  REQUIRE(message);
  CHECK(message->alarms[0].number == AlarmSerial{1});
  CHECK(message->alarms[0].attempts == 2);
  desk.courier.done(false, {desk.now, 0});
  CHECK(desk.courier.due_at(desk.now) == desk.now + 2s);
  desk.now += 2s;
  CHECK(desk.sent().size() == 2);
  CHECK_FALSE(desk.courier.failing_since());

  desk.alarms(3);
  REQUIRE(desk.courier.next(desk.now));
  desk.courier.end();  // somebody has taken all of them meanwhile
  desk.courier.done(false, {desk.now, 0});
  CHECK(desk.courier.waiting() == 0);
  CHECK(desk.courier.failing_since());
  desk.now += 1h;
  CHECK(desk.sent().empty());
}

TEST_CASE("a day without a network costs no alarm and hammers nobody", "[outputs][unit]") {
  Desk desk;
  const SteadyTime end = desk.now + 24h;
  std::size_t attempts = 0;
  while (desk.now < end) {
    desk.alarms(600);
    if (const auto message = desk.courier.next(desk.now)) {
      ++attempts;
      desk.courier.done(false, {desk.now, attempts * 7'919});
    }
    const auto due = desk.courier.due_at(desk.now);
    REQUIRE(due);
    REQUIRE(*due > desk.now);
    CHECK(*due <= desk.now + 1min);
    desk.now = *due;
  }
  CHECK(attempts >= 24 * 60);
  CHECK(attempts <= 24 * 60 * 2 + 10);
  CHECK(desk.courier.waiting() == 600);
  for (int minute = 0; minute < 2; ++minute) {
    (void)desk.sent();
    desk.now += 1min;
  }
  CHECK(desk.courier.waiting() == 0);
  std::ranges::sort(desk.told);
  CHECK(desk.told.size() == 600);
  CHECK(std::ranges::adjacent_find(desk.told) == desk.told.end());
}

TEST_CASE("a digest has 500 alarms at most, and the next one the rest", "[outputs][unit]") {
  Desk desk;
  desk.alarms(12);
  (void)desk.sent();
  desk.alarms(1'012);
  CHECK(desk.sent() == std::vector<std::size_t>{500});
  desk.now += 20s;
  CHECK(desk.sent() == std::vector<std::size_t>{500});
  CHECK(desk.courier.waiting() == 0);
}

TEST_CASE("what was told before a restart is not told again", "[outputs][unit]") {
  Desk desk;
  desk.courier.want({AlarmSerial{1}, ServiceTime{1s}, 1, AlarmLevel::orange, "smoke", true});
  desk.courier.want({AlarmSerial{2}, ServiceTime{1s}, 1, AlarmLevel::orange, "smoke", false});
  desk.courier.end();
  (void)desk.sent();
  CHECK(desk.told == std::vector<std::uint64_t>{2});
}

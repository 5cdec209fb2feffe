#include "rules/learned_interval.hpp"

#include <cmath>
#include <random>

#include "support/catch.hpp"

using namespace watchpost::rules;
using namespace std::chrono_literals;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

class Gaps {
 public:
  explicit Gaps(unsigned seed) : random_(seed) {}
  double uniform(double least, double most) {
    return std::uniform_real_distribution<double>{least, most}(random_);
  }
  double exponential(double mean) {
    return std::exponential_distribution<double>{1 / mean}(random_);
  }
  void gap(double length) {
    passed += length;
    (void)interval.add(milliseconds{static_cast<std::int64_t>(length * 1000)});
  }
  LearnedInterval interval;
  double passed = 0;  // seconds

 private:
  std::mt19937 random_;
};

constexpr double kDay = 86'400;
constexpr double kHour = 3'600;

bool is_about(std::optional<seconds> interval, double wanted) {
  if (!interval) return false;
  const auto found = static_cast<double>(interval->count());
  return found >= wanted && found < wanted * 1.15;
}

}  // namespace

TEST_CASE("what a clock in the device sends is learnt in a week, and not before", "[rules][unit]") {
  Gaps life(1);
  while (life.passed < 6.9 * kDay) life.gap(kHour * life.uniform(0.98, 1.0));
  CHECK_FALSE(life.interval.interval());
  while (life.passed < 7.2 * kDay) life.gap(kHour * life.uniform(0.98, 1.0));
  CHECK(is_about(life.interval.interval(), kHour));
}

TEST_CASE("a device that reports once a day is learnt", "[rules][unit]") {
  Gaps life(2);
  for (int i = 0; i < 9; ++i) life.gap(kDay * life.uniform(0.99, 1.01));
  CHECK(is_about(life.interval.interval(), kDay));
}

TEST_CASE("movement beside a heartbeat, and lost messages, do not hide the heartbeat",
          "[rules][unit]") {
  Gaps walks(3);
  // A clock each hour, and somebody by day.
  while (walks.passed < 15 * kDay) {
    const bool is_day = std::fmod(walks.passed, kDay) < kDay / 2;
    walks.gap(is_day ? std::min(walks.exponential(kHour / 2), kHour) : kHour);
  }
  CHECK(is_about(walks.interval.interval(), kHour));
  Gaps loses(4);
  while (loses.passed < 15 * kDay) {
    double gap = kHour;
    while (loses.uniform(0, 1) < 0.1) gap += kHour;
    loses.gap(gap);
  }
  const auto found = loses.interval.interval();
  REQUIRE(found);
  CHECK(*found >= hours{2});
  CHECK(*found <= hours{4});
}

TEST_CASE("what sends when something happens has no interval, whatever its habits",
          "[rules][unit]") {
  for (unsigned seed = 1; seed <= 200; ++seed) {
    INFO(seed);
    Gaps life(seed);
    const double mean = kHour * life.uniform(0.3, 30);
    for (int week = 0; week < 6; ++week) {
      const double end = life.passed + 7 * kDay;
      while (life.passed < end) life.gap(life.exponential(mean));
      CHECK_FALSE(life.interval.interval());
    }
  }
  // A front door: the same night each night, more or less.
  for (unsigned seed = 1; seed <= 200; ++seed) {
    INFO(seed);
    Gaps door(seed);
    while (door.passed < 42 * kDay) {
      const double night = kHour * door.uniform(7, 9.5);
      door.gap(night);
      double day = kDay - night;
      while (day > 600) {
        const double next = std::min(day, door.exponential(2 * kHour) + 5);
        door.gap(next);
        day -= next;
      }
      CHECK_FALSE(door.interval.interval());
    }
  }
}

TEST_CASE("an outage of the past is forgotten, another rhythm is learnt", "[rules][unit]") {
  Gaps slower(5);
  while (slower.passed < 30 * kDay) slower.gap(kHour);
  REQUIRE(is_about(slower.interval.interval(), kHour));
  while (slower.passed < 51 * kDay) slower.gap(4 * kHour);
  CHECK(is_about(slower.interval.interval(), 4 * kHour));
  Gaps faster(5);
  while (faster.passed < 30 * kDay) faster.gap(4 * kHour);
  while (faster.passed < 72 * kDay) faster.gap(kHour);
  CHECK(is_about(faster.interval.interval(), kHour));
}

TEST_CASE("what is learnt comes back from its text, and no other text is believed",
          "[rules][unit]") {
  Gaps life(6);
  while (life.passed < 10 * kDay) life.gap(kHour * life.uniform(0.5, 1.0));
  const LearnedInterval again(life.interval.text());
  CHECK(again.text() == life.interval.text());
  CHECK(again.interval() == life.interval.interval());
  CHECK(LearnedInterval("").text().empty());
  for (const auto* text : {"7", "7;", "7;1:2", "7;500:2,", "7;2:2,1:5,", "7;x:2,", "-1;2:2,"})
    CHECK_FALSE(LearnedInterval(text).interval());
  CHECK(life.interval.text().size() < 160 * 12);
}

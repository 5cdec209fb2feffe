#include "rules/timers.hpp"

#include <array>
#include <map>
#include <random>

#include "base/clock.hpp"
#include "support/catch.hpp"

using namespace watchpost;
using namespace watchpost::rules;

namespace {

struct Alarmed {
  int order = 0;
  Timer<SteadyTime> timer;
};

SteadyTime at(int seconds) {
  return SteadyTime{std::chrono::seconds{seconds}};
}

}  // namespace

TEST_CASE("the first timer is the earliest, at one time the first in order, whatever was set",
          "[rules][unit]") {
  std::array<Alarmed, 40> items;
  for (int i = 0; i < 40; ++i) items[static_cast<std::size_t>(i)].order = i;
  Timers<Alarmed, &Alarmed::timer, &Alarmed::order> timers;
  std::map<std::pair<SteadyTime, int>, Alarmed*> model;
  CHECK(timers.first() == nullptr);
  std::mt19937 random(1);  // NOLINT: the same each time
  for (int i = 0; i < 20'000; ++i) {
    Alarmed& item = items[random() % items.size()];
    // Few times, so that many are due at once; each third one is never due.
    const auto due = random() % 3 == 0 ? SteadyTime::max() : at(static_cast<int>(random() % 10));
    model.erase({item.timer.due, item.order});
    if (due != SteadyTime::max()) model.emplace(std::pair(due, item.order), &item);
    timers.set(item, due);
    REQUIRE(timers.first() == (model.empty() ? nullptr : model.begin()->second));
  }
}

#include "rules/shared_habits.hpp"

#include <vector>

#include "support/catch.hpp"

using namespace watchpost;
using namespace watchpost::rules;
using namespace std::chrono_literals;

TEST_CASE("habits that are equal are one, and none stays that nobody has", "[rules][unit]") {
  SharedHabits habits;
  const auto hourly = habits.one({1h, {}, "zigbee2mqtt", "hall"});
  CHECK(habits.one({1h, {}, "zigbee2mqtt", "hall"}) == hourly);
  for (const Habit& other :
       {Habit{2h, {}, "zigbee2mqtt", "hall"}, Habit{1h, {}, "tele/1", "hall"},
        Habit{1h, {}, "zigbee2mqtt", {}}, Habit{1h, "5;", "zigbee2mqtt", "hall"}}) {
    const auto made = habits.one(other);
    CHECK(*made == other);
    CHECK(made != hourly);
  }
  for (int i = 0; i < 10'000; ++i) (void)habits.one({std::chrono::seconds{i}, {}, {}, {}});
  CHECK(habits.size() <= SharedHabits::kLeast);
  CHECK(habits.one({1h, {}, "zigbee2mqtt", "hall"}) == hourly);
  // As many as there are rows are kept.
  std::vector<std::shared_ptr<const Habit>> rows;
  for (int i = 0; i < 1'000; ++i) rows.push_back(habits.one({std::chrono::seconds{i}, {}, {}, {}}));
  for (int i = 0; i < 1'000; ++i)
    CHECK(habits.one({std::chrono::seconds{i}, {}, {}, {}}) == rows[static_cast<std::size_t>(i)]);
}

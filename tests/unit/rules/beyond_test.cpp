#include "rules/beyond.hpp"

#include "support/catch.hpp"

using namespace watchpost;
using namespace watchpost::rules;

TEST_CASE("who is beyond a list is counted once, until it is over", "[rules][unit]") {
  Beyond beyond;
  CHECK_FALSE(beyond.count().any());
  for (const std::size_t key : {1, 2, 1}) beyond.add(key);
  CHECK(beyond.count() == Beyond::Count{2, false});
  beyond.remove(1);
  beyond.remove(7);
  CHECK(beyond.count() == Beyond::Count{1, false});
}

TEST_CASE("who cannot be counted any more is said to be there, until nobody is", "[rules][unit]") {
  Beyond beyond;
  for (std::size_t key = 0; key < Beyond::kMost; ++key) beyond.add(key);
  beyond.add(0);  // counted already
  CHECK(beyond.count() == Beyond::Count{Beyond::kMost, false});
  beyond.add(Beyond::kMost);
  CHECK(beyond.count() == Beyond::Count{Beyond::kMost, true});
  beyond.remove(0);
  CHECK(beyond.count() == Beyond::Count{Beyond::kMost - 1, true});
  for (std::size_t key = 1; key < Beyond::kMost; ++key) beyond.remove(key);
  CHECK_FALSE(beyond.count().any());
}

TEST_CASE("who found room by a step that failed is beyond the list as before", "[rules][unit]") {
  Beyond beyond;
  for (std::size_t key = 0; key <= Beyond::kMost; ++key) beyond.add(key);
  for (std::size_t key = 0; key < Beyond::kMost; ++key) beyond.remove(StepNumber{key + 1}, key);
  CHECK(beyond.count() == Beyond::Count{0, true});
  beyond.committed(StepNumber{Beyond::kMost - 2});
  CHECK(beyond.count().is_more);
  beyond.rolled_back();
  CHECK(beyond.count() == Beyond::Count{2, true});
  beyond.rolled_back();
  CHECK(beyond.count() == Beyond::Count{2, true});
}

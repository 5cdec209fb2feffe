// Which rule of a server most likely forbids what each link ends over.
#include "upstream/likely_rule.hpp"

#include "support/catch.hpp"

namespace watchpost::upstream {
namespace {

using client::LikelyRule;

constexpr std::size_t kContractLevels = 9;

EndedOver event_of(std::size_t bytes, std::size_t levels = kContractLevels) {
  EndedOver item;
  item.event_class = EventClass::alarm;
  item.bytes = bytes;
  item.levels = levels;
  return item;
}

EndedOver state(bool retained) {
  EndedOver item = event_of(500);
  item.is_state = true;
  item.retained = retained;
  return item;
}

TakenSoFar taken(EventClass event_class, std::size_t bytes) {
  TakenSoFar so_far;
  so_far.most_bytes = bytes;
  so_far.classes[index_of(event_class)] = true;
  return so_far;
}

}  // namespace

TEST_CASE("a retained state is the likeliest where none was ever taken", "[upstream][unit]") {
  CHECK(likely_rule(state(true), {}) == LikelyRule::retained);
  TakenSoFar so_far;
  so_far.most_bytes = 500;
  so_far.take_state(true);
  CHECK(likely_rule(state(true), so_far) == LikelyRule::unknown);
}

TEST_CASE("many levels are the likeliest where nothing was ever taken", "[upstream][unit]") {
  CHECK(likely_rule(state(false), {}) == LikelyRule::levels);
  CHECK(likely_rule(event_of(500), {}) == LikelyRule::levels);
  CHECK(likely_rule(event_of(500, 6), {}) == LikelyRule::topic);
  CHECK(likely_rule(event_of(500), taken(EventClass::telemetry, 500)) == LikelyRule::topic);
}

TEST_CASE("a size is named where nothing so large was taken and no limit was told",
          "[upstream][unit]") {
  const auto small = taken(EventClass::alarm, 600);
  CHECK(likely_rule(event_of(90'000), small) == LikelyRule::size);
  CHECK(likely_rule(event_of(700), small) == LikelyRule::unknown);
  CHECK(likely_rule(event_of(90'000), taken(EventClass::alarm, 90'000)) == LikelyRule::unknown);
  auto within_limit = event_of(90'000);
  within_limit.is_limit_known = true;
  CHECK(likely_rule(within_limit, small) == LikelyRule::unknown);
}

TEST_CASE("a topic is named where nothing of its class was taken", "[upstream][unit]") {
  CHECK(likely_rule(event_of(700), taken(EventClass::telemetry, 600)) == LikelyRule::topic);
  CHECK(likely_rule(state(false), taken(EventClass::alarm, 600)) == LikelyRule::topic);
}

}  // namespace watchpost::upstream

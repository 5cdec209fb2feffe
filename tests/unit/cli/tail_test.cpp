#include "cli/tail.hpp"

#include "support/catch.hpp"

using namespace watchpost::cli;

namespace {

TailOptions asking(std::uint64_t count) {
  TailOptions options;
  options.count = count;
  return options;
}

}  // namespace

TEST_CASE("tail follows; with a count it ends, also where fewer events are stored", "[cli][unit]") {
  CHECK(tail_target({}) == "/v1/events");
  CHECK(tail_target(asking(10)) == "/v1/events?newest=10&follow=no");
  auto options = asking(10);
  options.follow = true;
  CHECK(tail_target(options) == "/v1/events?newest=10");
  options = asking(10);
  options.from_oldest = true;
  CHECK(tail_target(options) == "/v1/events?from=oldest&follow=no");
  options.follow = true;
  CHECK(tail_target(options) == "/v1/events?from=oldest");
  options.count = 0;
  options.event_class = "alarm";
  CHECK(tail_target(options) == "/v1/events?from=oldest&class=alarm");
}

TEST_CASE("the newest events of one device are looked for in all that is stored", "[cli][unit]") {
  auto options = asking(10);
  options.device = "kitchen";
  CHECK(tail_target(options) == "/v1/events?from=oldest&follow=no");
}

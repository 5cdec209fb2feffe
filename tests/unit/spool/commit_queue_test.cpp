#include "spool/queue/commit_queue.hpp"

#include "support/catch.hpp"
#include "support/records.hpp"

using namespace watchpost;
using namespace watchpost::spool;

TEST_CASE("beside an alarm a commit takes little of what is ordinary", "[spool][unit]") {
  CommitQueue queue({std::chrono::milliseconds{0}, std::chrono::milliseconds{0}, {}});
  const auto sink = std::make_shared<support::SettledList>();
  const auto add = [&](EventClass event_class) {
    auto append = support::an_append(support::a_record(event_class, "x"), sink, 1);
    REQUIRE(queue.add(append));
  };
  for (int i = 0; i < 1'000; ++i) add(EventClass::telemetry);
  add(EventClass::alarm);
  const CommitGroup first = queue.take(false);
  CHECK(first.appends.size() == 201);
  CHECK(first.appends[0].records[0].event_class == EventClass::alarm);
  CHECK(queue.take(false).appends.size() == 800);
}

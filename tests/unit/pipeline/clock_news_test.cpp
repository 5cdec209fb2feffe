#include "pipeline/clock_news.hpp"

#include <boost/json.hpp>

#include "support/catch.hpp"
#include "support/manual_clock.hpp"
#include "support/memory_spool.hpp"

using namespace watchpost;
using namespace watchpost::pipeline;
using namespace watchpost::support;
using namespace std::chrono_literals;

namespace {

constexpr auto kTenYears = std::chrono::hours{24 * 3652};

struct NewsBench {
  ManualClock clock;
  MemorySpool spool;
  std::unique_ptr<ClockNews> news;

  void begin() { news = std::make_unique<ClockNews>(spool, clock); }
  void look() { (void)news->look(); }
  void store(EventClass event_class, int count) {
    for (int i = 0; i < count; ++i) {
      spool::Append append;
      append.records.emplace_back().event_class = event_class;
      spool.append(std::move(append));
    }
  }
  [[nodiscard]] std::vector<Record> events() const {
    std::vector<Record> found;
    for (const Record& record : spool.committed) {
      if (record.type == RecordType::clock) found.push_back(record);
    }
    return found;
  }
};

boost::json::object annotation_of(const Record& record) {
  return boost::json::parse(record.annotation).as_object();
}

boost::json::object range(int first, int last) {
  return {{"first", first}, {"last", last}};
}

const Failure kDiskFull{Failure::Kind::storage, "the disk is full", "make room"};

}  // namespace

TEST_CASE("a box that begins in 1970 says so, and corrects what it stored once it knows better",
          "[pipeline][clock][unit]") {
  NewsBench bench;
  const WallTime truth = bench.clock.wall_time;
  bench.store(EventClass::alarm, 3);  // from an earlier run, perhaps also of 1970
  bench.spool.commit();
  bench.clock.wall_time = WallTime{100s};
  bench.clock.clock_quality = ClockQuality::unset;
  bench.begin();
  bench.look();
  bench.spool.commit();
  REQUIRE(bench.events().size() == 1);
  const auto begun = annotation_of(bench.events().front());
  CHECK(begun.at("reason") == "unset");
  CHECK(begun.at("offset_ms") == 0);
  CHECK(begun.at("correction") == 0);
  CHECK(begun.at("run") ==
        (boost::json::object{
            {"epoch", "00c0ffee"}, {"alarm", 4}, {"patrol", 1}, {"status", 1}, {"telemetry", 1}}));
  CHECK(begun.at("affected") == (boost::json::object{{"epoch", "00c0ffee"}}));

  bench.store(EventClass::alarm, 2);
  bench.store(EventClass::telemetry, 5);
  bench.spool.commit();
  bench.clock.advance(60s);
  bench.clock.wall_time = truth + 60s;
  bench.clock.clock_quality = ClockQuality::synced;
  bench.look();
  bench.spool.commit();

  REQUIRE(bench.events().size() == 2);
  const Record record = bench.events().back();
  CHECK(record.event_class == EventClass::status);
  CHECK(record.domain == Domain::gateway);
  CHECK(record.clock == ClockQuality::synced);
  CHECK(record.received_at == bench.clock.wall_time);
  const auto event = annotation_of(record);
  CHECK(event.at("reason") == "synced");
  CHECK(event.at("was") == "unset");
  CHECK(event.at("correction") == 1);
  CHECK(event.at("offset_ms") ==
        std::chrono::duration_cast<std::chrono::milliseconds>(truth - WallTime{100s}).count());
  CHECK(event.at("before").at("wall") == "1970-01-01T00:02:40.000Z");
  CHECK(event.at("corrected_time").as_string() == to_rfc3339(truth + 60s));
  CHECK(event.at("affected") == (boost::json::object{{"epoch", "00c0ffee"},
                                                     {"alarm", range(4, 5)},
                                                     {"status", range(1, 1)},
                                                     {"telemetry", range(1, 5)}}));
  CHECK(event.at("mixed") == false);
  CHECK(event.at("earlier") == "order");
}

TEST_CASE("each correction covers what came since the one before, and none twice",
          "[pipeline][clock][unit]") {
  NewsBench bench;
  bench.begin();
  bench.store(EventClass::telemetry, 10);
  bench.spool.commit();
  bench.clock.wall_time += kTenYears;
  bench.look();
  bench.store(EventClass::telemetry, 5);
  bench.spool.commit();
  bench.clock.advance(2s);
  bench.clock.wall_time -= kTenYears;
  bench.look();
  bench.spool.commit();

  REQUIRE(bench.events().size() == 2);
  CHECK(annotation_of(bench.events()[0]).at("affected").at("telemetry") == range(1, 10));
  const auto second = annotation_of(bench.events()[1]);
  CHECK(second.at("affected").at("telemetry") == range(11, 15));
  CHECK(second.at("affected").at("status") == range(1, 1));
  CHECK(second.at("correction") == 2);
}

TEST_CASE("what waited for its commit when the clock moved is named in a second, mixed event",
          "[pipeline][clock][unit]") {
  NewsBench bench;
  bench.begin();
  bench.store(EventClass::telemetry, 4);
  bench.spool.commit();
  bench.store(EventClass::telemetry, 3);
  bench.clock.wall_time += kTenYears;
  bench.look();
  bench.store(EventClass::telemetry, 2);
  bench.spool.commit();
  bench.spool.commit();

  REQUIRE(bench.events().size() == 2);
  const auto exact = annotation_of(bench.events()[0]);
  CHECK(exact.at("affected").at("telemetry") == range(1, 4));
  CHECK(exact.at("mixed") == false);
  const auto tail = annotation_of(bench.events()[1]);
  CHECK(tail.at("affected").at("telemetry") == range(5, 7));
  CHECK(tail.at("mixed") == true);
  CHECK(tail.at("correction") == 1);
  CHECK(tail.at("offset_ms") == exact.at("offset_ms"));
}

TEST_CASE("a correction whose commit failed is handed over again, and says the same",
          "[pipeline][clock][unit]") {
  NewsBench bench;
  bench.begin();
  bench.store(EventClass::patrol, 2);
  bench.spool.commit();
  bench.clock.wall_time += kTenYears;
  bench.look();
  bench.look();
  CHECK(bench.spool.waiting.size() == 1);
  bench.spool.fail(kDiskFull);
  bench.clock.advance(1s);
  bench.store(EventClass::patrol, 1);
  bench.look();
  bench.spool.commit();
  bench.spool.commit();

  REQUIRE(bench.events().size() == 2);
  CHECK(annotation_of(bench.events()[0]).at("affected").at("patrol") == range(1, 2));
  // This record was stored after the clock moved, but before the correction, so it is told by its
  // own time.
  const auto tail = annotation_of(bench.events()[1]);
  CHECK(tail.at("affected").at("patrol") == range(3, 3));
  CHECK(tail.at("mixed") == true);
}

TEST_CASE("a clock that moves while its correction is under way stamps as it said",
          "[pipeline][clock][unit]") {
  NewsBench bench;
  bench.begin();
  bench.clock.wall_time += kTenYears;
  const WallTime said = bench.news->look().wall;
  CHECK(said == bench.clock.wall_time);
  bench.clock.advance(5s);
  bench.clock.wall_time -= kTenYears;
  CHECK(bench.news->look().wall == said + 5s);
  bench.spool.commit();
  CHECK(bench.news->look().wall == bench.clock.wall_time);
  bench.spool.commit();
  CHECK(bench.events().size() == 2);
}

TEST_CASE("a correction settled after the news is gone harms nobody", "[pipeline][clock][unit]") {
  NewsBench bench;
  bench.begin();
  bench.clock.wall_time += kTenYears;
  bench.look();
  bench.news.reset();
  bench.spool.commit();
  CHECK(bench.events().size() == 1);
}

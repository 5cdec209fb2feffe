#include "spool/retention.hpp"

#include "spool/row_sum.hpp"
#include "support/catch.hpp"
#include "support/records.hpp"

using namespace watchpost;
using namespace watchpost::spool;

namespace {

constexpr ByteCount kUsed{1'000};
constexpr ByteCount kHistory{500};

PerClass<LogExtent> logs_with(EventClass event_class, LogExtent extent) {
  PerClass<LogExtent> logs{};
  logs[index_of(event_class)] = extent;
  return logs;
}

}  // namespace

TEST_CASE("retention removes nothing while the store fits into its history", "[spool][unit]") {
  const auto logs = logs_with(EventClass::telemetry, {Seq{1}, Seq{100}, Seq{100}});
  CHECK_FALSE(next_removal(logs, ByteCount{500}, kHistory, 10));
}

TEST_CASE("retention never removes what a required upstream has not acknowledged",
          "[spool][unit]") {
  const auto logs = logs_with(EventClass::telemetry, {Seq{5}, Seq{100}, Seq{7}});
  const auto step = next_removal(logs, kUsed, kHistory, 50);
  REQUIRE(step);
  CHECK(step->first == Seq{5});
  CHECK(step->end == Seq{8});
  const auto none = logs_with(EventClass::telemetry, {Seq{5}, Seq{100}, Seq{4}});
  CHECK_FALSE(next_removal(none, kUsed, kHistory, 50));
}

TEST_CASE("retention keeps the newest record so that numbering goes on", "[spool][unit]") {
  const auto logs = logs_with(EventClass::alarm, {Seq{1}, Seq{3}, Seq{1'000'000}});
  CHECK(next_removal(logs, kUsed, kHistory, 50)->end == Seq{3});
  const auto last = logs_with(EventClass::alarm, {Seq{3}, Seq{3}, Seq{1'000'000}});
  CHECK_FALSE(next_removal(last, kUsed, kHistory, 50));
}

TEST_CASE("retention takes telemetry before it takes alarms, within its budget", "[spool][unit]") {
  auto logs = logs_with(EventClass::alarm, {Seq{1}, Seq{100}, Seq{100}});
  logs[index_of(EventClass::telemetry)] = {Seq{1}, Seq{100}, Seq{100}};
  const auto step = next_removal(logs, kUsed, kHistory, 10);
  CHECK(step->event_class == EventClass::telemetry);
  CHECK(step->end == Seq{11});
}

TEST_CASE("a row's checksum sees a change in any column", "[spool][unit]") {
  const Record record = support::a_record(EventClass::alarm, "payload");
  const auto sum = row_sum(record);
  auto changed = record;
  changed.payload[0] ^= 1;
  CHECK(row_sum(changed) != sum);
  changed = record;
  changed.seq = Seq{2};
  CHECK(row_sum(changed) != sum);
  changed = record;
  changed.observed_at = WallTime{};
  CHECK(row_sum(changed) != sum);
  changed = record;
  changed.device = "device-";
  changed.topic = "1" + changed.topic;
  CHECK(row_sum(changed) != sum);
}

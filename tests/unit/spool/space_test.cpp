#include "spool/room/space.hpp"

#include "spool/tables/row_sum.hpp"
#include "support/catch.hpp"
#include "support/records.hpp"

using namespace watchpost;
using namespace watchpost::spool;

namespace {

constexpr ByteCount kMuch{1'000'000};

PerClass<LogExtent> logs_with(EventClass event_class, LogExtent extent) {
  PerClass<LogExtent> logs{};
  logs[index_of(event_class)] = extent;
  return logs;
}

}  // namespace

TEST_CASE("history gives up only what every required upstream has acknowledged", "[spool][unit]") {
  const auto logs = logs_with(EventClass::telemetry, {Seq{5}, Seq{100}, Seq{7}});
  const auto step = next_delivered(logs, 50);
  REQUIRE(step);
  CHECK(step->first == Seq{5});
  CHECK(step->end == Seq{8});
  CHECK_FALSE(next_delivered(logs_with(EventClass::telemetry, {Seq{5}, Seq{100}, Seq{4}}), 50));
}

TEST_CASE("the newest record stays so that numbering goes on", "[spool][unit]") {
  const auto logs = logs_with(EventClass::alarm, {Seq{1}, Seq{3}, Seq{1'000'000}});
  CHECK(next_delivered(logs, 50)->end == Seq{3});
  CHECK_FALSE(next_delivered(logs_with(EventClass::alarm, {Seq{3}, Seq{3}, Seq{1'000'000}}), 50));
  CHECK_FALSE(next_yield(logs_with(EventClass::telemetry, {Seq{3}, Seq{3}, Seq{}}), kMuch, 50));
}

TEST_CASE("delivered telemetry goes before delivered alarms, within the budget", "[spool][unit]") {
  auto logs = logs_with(EventClass::alarm, {Seq{1}, Seq{100}, Seq{100}});
  logs[index_of(EventClass::telemetry)] = {Seq{1}, Seq{100}, Seq{100}};
  const auto step = next_delivered(logs, 10);
  CHECK(step->event_class == EventClass::telemetry);
  CHECK(step->end == Seq{11});
}

TEST_CASE("undelivered telemetry yields first, then status; alarms and patrols never",
          "[spool][unit]") {
  PerClass<LogExtent> logs{};
  logs.fill({Seq{1}, Seq{100}, Seq{}});
  CHECK(next_yield(logs, kMuch, 1'000)->event_class == EventClass::telemetry);
  logs[index_of(EventClass::telemetry)].oldest = Seq{100};
  CHECK(next_yield(logs, kMuch, 1'000)->event_class == EventClass::status);
  logs[index_of(EventClass::status)].oldest = Seq{100};
  CHECK_FALSE(next_yield(logs, kMuch, 1'000));
}

TEST_CASE("no more rows yield than their size makes necessary", "[spool][unit]") {
  // A log with 100 rows of 1,000 bytes.
  const auto logs = logs_with(EventClass::telemetry, {Seq{1}, Seq{100}, Seq{}, 50, 100'050});
  CHECK(next_yield(logs, ByteCount{2'500}, 50)->end == Seq{4});
  CHECK(next_yield(logs, kMuch, 50)->end == Seq{51});
}

TEST_CASE("telemetry is refused first and alarms last of all", "[spool][unit]") {
  const SpaceLimits limits = SpaceLimits{ByteCount{1'600}, ByteCount{200}, ByteCount{5'000}}.sane();
  CHECK(limits.ceiling(EventClass::telemetry) == ByteCount{1'300});
  CHECK(limits.ceiling(EventClass::status) == ByteCount{1'300});
  CHECK(limits.ceiling(EventClass::patrol) == ByteCount{1'450});
  CHECK(limits.ceiling(EventClass::alarm) == ByteCount{1'500});
  CHECK(limits.history < limits.ceiling(EventClass::telemetry));
  CHECK(SpaceLimits{ByteCount{1'000}, ByteCount{900}, {}}.sane().reserve == ByteCount{250});
}

TEST_CASE("a row's checksum sees a change in any column", "[spool][unit]") {
  const Record record = support::a_record(EventClass::alarm, "payload");
  const auto sum = row_sum(record);
  auto changed = record;
  changed.payload[0] ^= 1;
  CHECK(row_sum(changed) != sum);
  changed = record;
  changed.epoch = "00000001";
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

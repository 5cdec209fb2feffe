#include "console/event_query.hpp"

#include "console/check_json.hpp"
#include "console/event_merge.hpp"
#include "support/catch.hpp"
#include "support/records.hpp"

using namespace watchpost;
using namespace watchpost::console;

namespace {

const std::string kDay = "/v1/export?from=2026-11-23T00:00:00Z&to=2026-11-24T00:00:00Z";

Record at(std::string_view time, ClockQuality clock = ClockQuality::synced) {
  Record record = support::a_record(EventClass::telemetry, "x");
  record.received_at = *from_rfc3339(time, std::chrono::minutes{0});
  record.clock = clock;
  return record;
}

}  // namespace

TEST_CASE("an export takes its begin and not its end", "[console][unit]") {
  const auto query = event_query_from(kDay).value();
  REQUIRE(query.ends);
  REQUIRE(query.wants(at("2026-11-23T00:00:00Z")));
  REQUIRE(query.wants(at("2026-11-23T23:59:59.999Z")));
  REQUIRE_FALSE(query.wants(at("2026-11-24T00:00:00Z")));
  REQUIRE_FALSE(query.wants(at("2026-11-22T23:59:59.999Z")));
}

TEST_CASE("an export by observed time takes the received one where none was observed",
          "[console][unit]") {
  const auto query = event_query_from(kDay + "&time=observed").value();
  Record late = at("2026-11-25T00:00:00Z");
  late.observed_at = from_rfc3339("2026-11-23T12:00:00Z", std::chrono::minutes{0});
  REQUIRE(query.wants(late));
  REQUIRE_FALSE(event_query_from(kDay).value().wants(late));
  REQUIRE(query.wants(at("2026-11-23T12:00:00Z")));
}

TEST_CASE("records from a time without a clock are all in an export, or none of them",
          "[console][unit]") {
  const Record early = at("1970-01-01T00:00:09Z", ClockQuality::unset);
  const Record inside = at("2026-11-23T12:00:00Z", ClockQuality::unset);
  const auto without = event_query_from(kDay).value();
  REQUIRE_FALSE(without.wants(early));
  REQUIRE_FALSE(without.wants(inside));
  const auto with = event_query_from(kDay + "&unset=include").value();
  REQUIRE(with.wants(early));
  REQUIRE(with.wants(inside));
  ExportCount count;
  count.add(early, without.wants(early));
  count.add(inside, with.wants(inside));
  REQUIRE(count.line() == "{\"exported\":1,\"unset_clock\":1}\n");
}

TEST_CASE("an export of one class asks for no other", "[console][unit]") {
  const auto query = event_query_from(kDay + "&class=alarm").value();
  REQUIRE(query.wants(EventClass::alarm));
  REQUIRE_FALSE(query.wants(EventClass::telemetry));
  PerClass<Seq> newest{};
  newest[index_of(EventClass::telemetry)] = Seq{9};
  EventMerge merge(query, query.begin(newest));
  REQUIRE_FALSE(merge.next_read(newest));
  newest[index_of(EventClass::alarm)] = Seq{3};
  REQUIRE(merge.next_read(newest)->event_class == EventClass::alarm);
}

TEST_CASE("a query that an export does not understand is refused with a sentence",
          "[console][unit]") {
  for (const std::string& target :
       {std::string("/v1/export"), std::string("/v1/exports?from=1"), kDay + "&class=alarms",
        kDay + "&time=now", kDay + "&unset=", kDay + "&", kDay + "&x=1",
        std::string("/v1/export?from=2026-11-23T00:00:00Z"),
        std::string("/v1/export?from=yesterday&to=2026-11-24T00:00:00Z")}) {
    CAPTURE(target);
    REQUIRE(event_query_from(target).has_error());
  }
}

TEST_CASE("a check of the store is told as progress, report or error", "[console][unit]") {
  LiveCheck::Progress progress;
  progress.report.rows["log_alarm"] = 7;
  progress.report.findings.push_back({"what \"it\" is", "what to do"});
  progress.report.finding_count = 1;
  REQUIRE(check_json(progress) == R"({"rows":7})");
  progress.complete = true;
  const std::string report = check_json(progress);
  REQUIRE(report.find(R"({"report":{"tables":{"log_alarm":7},)") == 0);
  REQUIRE(report.find(R"({"what":"what \"it\" is","remedy":"what to do"})") != report.npos);
  const Failure failure{Failure::Kind::storage, "It cannot be read", "Look at the disk"};
  REQUIRE(check_json(failure) == R"({"error":"It cannot be read. Look at the disk"})");
}

TEST_CASE("the events of a tail begin as many before the newest as were asked for",
          "[console][unit]") {
  const auto query = event_query_from("/v1/events?newest=2&follow=no").value();
  REQUIRE(query.ends);
  const auto begin = query.begin({Seq{5}, Seq{1}, Seq{0}, Seq{2}});
  REQUIRE(begin == PerClass<Seq>{Seq{3}, Seq{0}, Seq{0}, Seq{0}});
  REQUIRE(event_query_from("/v1/events").value().begin({Seq{5}, Seq{1}, Seq{0}, Seq{2}}) ==
          PerClass<Seq>{Seq{5}, Seq{1}, Seq{0}, Seq{2}});
}

TEST_CASE("an export comes class by class, other events by time", "[console][unit]") {
  for (const bool by_class : {true, false}) {
    EventQuery query;
    query.by_class = by_class;
    EventMerge merge(query, {});
    const PerClass<Seq> newest{Seq{1}, Seq{}, Seq{}, Seq{1}};
    auto alarm = support::a_record(EventClass::alarm, "alarm");
    auto telemetry = support::a_record(EventClass::telemetry, "telemetry");
    alarm.seq = telemetry.seq = Seq{1};
    telemetry.received_at -= std::chrono::seconds{1};
    const std::vector<SharedRecord> alarms{std::make_shared<const Record>(alarm)};
    const std::vector<SharedRecord> rest{std::make_shared<const Record>(telemetry)};
    REQUIRE(merge.next_read(newest)->event_class == EventClass::alarm);
    merge.answered(EventClass::alarm, alarms, Seq{1});
    REQUIRE(merge.next_read(newest)->event_class == EventClass::telemetry);
    merge.answered(EventClass::telemetry, rest, Seq{1});
    REQUIRE_FALSE(merge.next_read(newest));
    REQUIRE(merge.next()->payload == (by_class ? "alarm" : "telemetry"));
    REQUIRE(merge.next()->payload == (by_class ? "telemetry" : "alarm"));
    REQUIRE(merge.next() == nullptr);
    REQUIRE(merge.is_empty());
  }
}

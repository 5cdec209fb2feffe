#include "simulator/accounts.hpp"

#include <fmt/format.h>

#include "support/catch.hpp"

using namespace watchpost;
using namespace watchpost::simulator;
using protocol::ReasonCode;

namespace {

const SteadyTime kNow{std::chrono::seconds(100)};

Published a_message(std::uint64_t tag, std::string_view topic, std::string_view payload) {
  Published published;
  published.tag = tag;
  published.topic = topic;
  published.payload = payload;
  return published;
}

std::string an_event(std::uint64_t sequence, std::string_view topic, std::string_view raw,
                     std::string_view letter = "t") {
  return fmt::format(
      R"({{"specversion":"1.0","id":"7f3a0001.{0}.{1}","source":"urn:watchpost:a","type":"x",)"
      R"("sequence":"{1:016}","wpclass":"telemetry","data":{{"state":"info","readings":[{{"n":"x",)"
      R"("vs":"a}}]\",{{"}}],"topic":"{2}","raw":{3}}}}})",
      letter, sequence, topic, raw);
}

}  // namespace

TEST_CASE("a message that was acknowledged and arrived is closed", "[simulator][unit]") {
  Accounts accounts;
  accounts.published(a_message(1, "a/b", R"({"v":3.60})"), kNow);
  REQUIRE(accounts.acknowledged(1, ReasonCode::success) == kNow);
  REQUIRE(accounts.totals().lost() == 1);

  accounts.arrived(an_event(1, "a/b", R"({"v":3.60})"), kNow);

  REQUIRE(accounts.totals().arrived == 1);
  REQUIRE(accounts.totals().lost() == 0);
}

TEST_CASE("a payload with white space is found in its event, which has none", "[simulator][unit]") {
  Accounts accounts;
  accounts.published(a_message(1, "a/b", "{\"uid\": \"A 1\", \"n\":\n3.60}"), kNow);
  accounts.published(a_message(2, "a/b", "no { json"), kNow);
  REQUIRE(accounts.acknowledged(1, ReasonCode::success) == kNow);
  REQUIRE(accounts.acknowledged(2, ReasonCode::success) == kNow);

  accounts.arrived(an_event(1, "a/b", R"({"uid":"A 1","n":3.60})"), kNow);
  accounts.arrived(an_event(2, "a/b", R"("no { json")"), kNow);

  REQUIRE(accounts.totals().arrived == 2);
  REQUIRE(accounts.totals().lost() == 0);
}

TEST_CASE("the event may overtake the acknowledgement", "[simulator][unit]") {
  Accounts accounts;
  accounts.published(a_message(1, "a/b", "{}"), kNow);
  accounts.arrived(an_event(1, "a/b", "{}"), kNow);
  REQUIRE(accounts.totals().arrived == 0);

  REQUIRE(accounts.acknowledged(1, ReasonCode::success));

  REQUIRE(accounts.totals().arrived == 1);
}

TEST_CASE("equal messages are counted one by one", "[simulator][unit]") {
  Accounts accounts;
  for (const std::uint64_t tag : {1U, 2U, 3U}) {
    accounts.published(a_message(tag, "reader/tag", "74-10-37-94"), kNow);
    REQUIRE(accounts.acknowledged(tag, ReasonCode::success));
  }

  accounts.arrived(an_event(1, "reader/tag", R"("74-10-37-94")"), kNow);
  accounts.arrived(an_event(2, "reader/tag", R"("74-10-37-94")"), kNow);

  REQUIRE(accounts.totals().arrived == 2);
  REQUIRE(accounts.totals().lost() == 1);
}

TEST_CASE("the same event id again closes nothing", "[simulator][unit]") {
  Accounts accounts;
  for (const std::uint64_t tag : {1U, 2U}) {
    accounts.published(a_message(tag, "a/b", "x"), kNow);
    REQUIRE(accounts.acknowledged(tag, ReasonCode::success));
  }
  accounts.arrived(an_event(5, "a/b", R"("x")"), kNow);
  accounts.arrived(an_event(5, "a/b", R"("x")"), kNow);

  REQUIRE(accounts.totals().repeats == 1);
  REQUIRE(accounts.totals().lost() == 1);
}

TEST_CASE("another payload or another topic is not the message", "[simulator][unit]") {
  Accounts accounts;
  accounts.published(a_message(1, "a/b", R"({"v":1.0})"), kNow);
  REQUIRE(accounts.acknowledged(1, ReasonCode::success));

  accounts.arrived(an_event(1, "a/b", R"({"v":1})"), kNow);
  accounts.arrived(an_event(2, "a/c", R"({"v":1.0})"), kNow);

  REQUIRE(accounts.totals().lost() == 1);
  REQUIRE(accounts.totals().other_events == 2);
}

TEST_CASE("a missing number within a class is a gap", "[simulator][unit]") {
  Accounts accounts;
  for (const std::uint64_t sequence : {10U, 13U, 11U}) {
    accounts.arrived(an_event(sequence, "a", "1"), kNow);
  }
  accounts.arrived(an_event(70, "a", "1", "s"), kNow);  // another source has a sequence of its own
  REQUIRE(accounts.missing(EventClass::telemetry) == 1);

  accounts.arrived(an_event(12, "a", "1"), kNow);
  REQUIRE(accounts.missing(EventClass::telemetry) == 0);
  REQUIRE(accounts.totals().repeats == 0);
}

TEST_CASE("QoS 0 is in no ledger, and a refused message is not lost", "[simulator][unit]") {
  Accounts accounts;
  Published at_0 = a_message(1, "a", "1");
  at_0.qos = Qos::at_most_once;
  accounts.published(at_0, kNow);
  accounts.published(a_message(2, "a", "2"), kNow);
  REQUIRE(accounts.unacknowledged() == 1);

  REQUIRE(accounts.acknowledged(2, ReasonCode::not_authorized));

  REQUIRE(accounts.totals().refused == 1);
  REQUIRE(accounts.totals().lost() == 0);
  REQUIRE(accounts.unacknowledged() == 0);
}

TEST_CASE("an event without the payload is told apart", "[simulator][unit]") {
  Accounts accounts;
  accounts.arrived(R"({"id":"7f3a0001.t.1","source":"s","sequence":"01","wpclass":"telemetry",)"
                   R"("data":{"topic":"a"}})",
                   kNow);
  accounts.arrived("not json", kNow);
  accounts.arrived(R"({"id":"e.link.1.online","source":"s","wpclass":"status"})", kNow);

  REQUIRE(accounts.totals().without_raw == 1);
  REQUIRE(accounts.totals().unreadable == 1);
  REQUIRE(accounts.totals().events == 1);
}

TEST_CASE("seen numbers stay right in any order", "[simulator][unit]") {
  SeenNumbers seen;
  for (const std::uint64_t number : {5U, 3U, 9U, 4U, 8U}) REQUIRE(seen.add(number));
  for (const std::uint64_t number : {3U, 4U, 5U, 8U, 9U}) REQUIRE_FALSE(seen.add(number));
  REQUIRE(seen.missing() == 2);
  REQUIRE(seen.add(7));
  REQUIRE(seen.add(6));
  REQUIRE(seen.missing() == 0);
}

TEST_CASE("a percentile is near the true one", "[simulator][unit]") {
  Latencies latencies;
  for (int i = 1; i <= 1'000; ++i) latencies.add(std::chrono::milliseconds(i));
  REQUIRE(latencies.percentile_ms(0.5) == Approx(500).epsilon(0.08));
  REQUIRE(latencies.percentile_ms(0.99) == Approx(990).epsilon(0.08));
}

TEST_CASE("a broken event never reads outside its text", "[simulator][unit]") {
  const std::string whole = an_event(1, "a/b", R"({"x":["}",{}]})");
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const std::string cut = whole.substr(0, size);
    const auto facts = read_event(std::string_view(cut));
    if (facts && !facts->raw.empty()) REQUIRE(whole.find(facts->raw) != std::string::npos);
  }
  const auto facts = read_event(whole);
  REQUIRE(facts);
  REQUIRE(facts->raw == R"({"x":["}",{}]})");
  REQUIRE(facts->sequence == 1);
}

TEST_CASE("changes of alarms are counted, and are no message of another publisher",
          "[simulator][unit]") {
  Accounts accounts;
  auto tell = [&accounts, sequence = 0](std::string_view event, std::string_view state,
                                        int changes) mutable {
    accounts.arrived(
        fmt::format(
            R"({{"id":"7f3a0001.a.{0}","source":"urn:watchpost:a","sequence":"{0:016}",)"
            R"("wpclass":"alarm","data":{{"kind":"smoke","alarm":{{"number":1,"state":"{1}",)"
            R"("transition":{2},"event":"{3}"}}}}}})",
            ++sequence, state, changes, event),
        kNow);
  };
  tell("raised", "UNACK", 1);
  tell("escalation_due", "UNACK", 2);
  tell("escalated", "UNACK", 3);
  tell("taken", "ACK", 4);
  tell("returned", "CLOSE-PENDING", 5);
  tell("closed", "CLOSED", 6);
  const AlarmTotals& totals = accounts.alarm_totals();
  CHECK(totals.raised == 1);
  CHECK(totals.escalated == 2);
  CHECK(totals.taken == 1);
  CHECK(totals.closed == 1);
  CHECK(accounts.totals().other_events == 0);
  CHECK(accounts.totals().without_raw == 0);
}

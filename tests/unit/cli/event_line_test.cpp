#include "cli/event_line.hpp"

#include <cstdlib>
#include <ctime>

#include "support/catch.hpp"

using namespace watchpost;

namespace {

std::string an_event(const std::string& data) {
  return R"({"id":"7f3a.a.11","subject":"kitchen","recordedtime":"2026-11-23T19:41:07.120Z",)"
         R"("wpclass":"alarm","data":)" +
         data + "}";
}

// Sets the zone to that of a village.
[[maybe_unused]] const bool kInShanghai = [] {
  ::setenv("TZ", "CST-8", 1);
  ::tzset();
  return true;
}();

bool shows(const std::string& line, const std::string& part) {
  CAPTURE(line);
  return line.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("an event's line begins with time, class, id, device and state", "[cli][unit]") {
  const auto line = cli::event_line(an_event(R"({"state":"raised"})"));
  CHECK(line.find("2026-11-24T03:41:07.120+08:00  alarm ") == 0);
  CHECK(line.find("7f3a.a.11") < line.find("kitchen"));
  CHECK(line.find("kitchen") < line.find("raised"));
}

TEST_CASE("readings are shown with their units, numbers as people write them", "[cli][unit]") {
  const auto line = cli::event_line(an_event(
      R"({"state":"raised","readings":[{"n":"smoke","vb":true},{"n":"bat","u":"%EL","v":9.7E1},)"
      R"({"n":"level","u":"m","v":-0.25},{"n":"mode","vs":"test"},{"n":"co","v":null}]})"));
  CHECK(shows(line, "smoke=true"));
  CHECK(shows(line, "bat=97 %EL"));
  CHECK(shows(line, "level=-0.25 m"));
  CHECK(shows(line, "mode=test"));
  CHECK(shows(line, "co=?"));
}

TEST_CASE("what could not be read is shown with its topic and the reason", "[cli][unit]") {
  const auto line = cli::event_line(
      an_event(R"({"outcome":"malformed","topic":"lid/12/state","why":"not valid JSON"})"));
  CHECK(shows(line, "malformed"));
  CHECK(shows(line, "lid/12/state"));
  CHECK(shows(line, "(not valid JSON)"));
}

TEST_CASE("a line that is no event is given back as it is", "[cli][unit]") {
  for (const std::string text : {"", "{", "[1]", "hello", "{\"data\":3}"}) {
    const auto line = cli::event_line(text);
    if (text.starts_with("{\"")) continue;  // no member of an event: an empty line
    CHECK(line == text);
  }
}

TEST_CASE("a time of a clock that was wrong is marked", "[cli][unit]") {
  const auto line =
      cli::event_line(R"({"recordedtime":"1970-01-01T00:14:00.000Z","wpclock":"unset",)"
                      R"("wpclass":"alarm","data":{}})");
  CHECK(line.find("1970-01-01T08:14:00.000+08:00? alarm") == 0);
}

TEST_CASE("what the gateway says of its clock and of gaps has a line", "[cli][unit]") {
  const auto clock = cli::event_line(
      R"({"type":"cn.watchpost.gateway.clock.v1","wpclass":"status","subject":"v-1","data":)"
      R"({"reason":"synced","quality":"synced","was":"unset","offset_ms":1795462267000}})");
  CHECK(shows(clock, "synced  clock synced (was unset), set by +1795462267 s"));
  const auto gap = cli::event_line(
      R"({"type":"cn.watchpost.gateway.gap.v1","wpclass":"status","subject":"v-1","data":)"
      R"({"class":"telemetry","epoch":"7f3a","first":3,"last":120,"count":118,"reason":"quota"}})");
  CHECK(shows(gap, "quota  given up: telemetry 3 to 120 of epoch 7f3a"));
  const auto other = cli::event_line(R"({"type":"cn.watchpost.gateway.salvage.v1","data":)"
                                     R"({"saved":12,"lost":3,"reason":"damage"}})");
  CHECK(shows(other, "damage  saved=12  lost=3"));
}

TEST_CASE("the site's name of a device stands before its id", "[cli][unit]") {
  const auto line = cli::event_line(an_event(R"({"state":"raised","name":"三楼厨房"})"));
  CHECK(shows(line, "三楼厨房 (kitchen)"));
  CHECK(cli::tells_of(an_event(R"({"name":"三楼厨房"})"), {"三楼厨房"}));
  CHECK(cli::tells_of(an_event(R"({"name":"三楼厨房"})"), {"kitchen"}));
  CHECK_FALSE(cli::tells_of(an_event(R"({"name":"三楼厨房"})"), {"kitch"}));
  CHECK_FALSE(cli::tells_of("{", {"kitchen"}));
}

TEST_CASE("a reading is shown with the digits that were measured", "[cli][unit]") {
  const auto line = cli::event_line(an_event(
      R"({"readings":[{"n":"u","v":3.3120000000000003},{"n":"d","v":1.6754000000000002E2}]})"));
  CHECK(shows(line, "u=3.312  d=167.54"));
}

TEST_CASE("one event is one line, whatever is in it", "[cli][unit]") {
  const auto line = cli::event_line(an_event(R"({"state":"a\nb","topic":"x\r\ny"})"));
  CHECK(line.find('\n') == std::string::npos);
  CHECK(line.find('\r') == std::string::npos);
  CHECK(cli::event_line("no\nevent") == "no event");
}

TEST_CASE("a change of an alarm is told with what it was, what it is and who did it",
          "[cli][unit]") {
  const auto line = cli::event_line(
      R"({"id":"7f3a.a.12","subject":"kitchen","recordedtime":"2026-11-23T19:41:07.120Z",)"
      R"("wpclass":"alarm","type":"cn.watchpost.fire.transition.v1","data":{"state":"ACK",)"
      R"("alarm":{"number":37,"previous":"UNACK","state":"ACK","event":"taken",)"
      R"("by":{"origin":"cli","who":"Wang"},"note":"on my way"}}})");
  CHECK(shows(line, "alarm 37: UNACK to ACK, taken by Wang: on my way"));
}

TEST_CASE("what was done to a device is told with who did it", "[cli][unit]") {
  const auto line = cli::event_line(
      R"({"id":"7f3a.s.3","subject":"duty","recordedtime":"2026-11-23T19:41:07.120Z",)"
      R"("wpclass":"status","type":"cn.watchpost.gateway.duty.v1","data":{)"
      R"("action":"out_of_service","by":{"origin":"cli","who":"Wang"},"device":"kitchen",)"
      R"("note":"new battery"}})");
  CHECK(shows(line, "out_of_service kitchen by Wang: new battery"));
}

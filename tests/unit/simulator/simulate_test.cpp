#include "simulator/simulate.hpp"

#include "simulator/street.hpp"
#include "simulator/street_view.hpp"
#include "simulator/summary.hpp"
#include "support/catch.hpp"

using namespace watchpost;
using namespace watchpost::simulator;

namespace {

std::string an_event_of(std::string_view event_class, std::string_view subject) {
  return R"({"id":"e.x.1","source":"s","type":"cn.watchpost.fire.alarm.v1","subject":")" +
         std::string(subject) +
         R"(","recordedtime":"2026-11-23T19:41:07.120Z","sequence":"01","wpclass":")" +
         std::string(event_class) +
         R"(","data":{"kind":"smoke","state":"raised","condition":"alarm"}})";
}

}  // namespace

TEST_CASE("options out of range are refused with what to do", "[simulator][unit]") {
  REQUIRE(check(SimulateOptions{}).has_value());
  SimulateOptions options;
  options.devices = 0;
  REQUIRE(check(options).error().what.find("--devices") != std::string::npos);
  options = {};
  options.protocol = "4";
  REQUIRE(check(options).error().remedy.find("3.1.1") != std::string::npos);
  options = {};
  options.show_events = true;
  REQUIRE_FALSE(check(options).has_value());
  options.verify = "mqtt://127.0.0.1:1884";
  REQUIRE(check(options).has_value());
  options.story = "no such";
  REQUIRE(check(options).error().remedy.find("kitchen-fire") != std::string::npos);
  options.story = "kitchen-fire";
  REQUIRE(check(options).has_value());
  options.area_prefix = "a/#/b";
  REQUIRE_FALSE(check(options).has_value());
}

TEST_CASE("the address of the street's broker is read or refused", "[simulator][unit]") {
  const auto full = street_from("mqtt://127.0.0.1:1884");
  REQUIRE(full.has_value());
  REQUIRE(full->url.host == "127.0.0.1");
  REQUIRE(full->url.port == 1'884);
  REQUIRE(street_from("mqtt://[::1]:99")->url.host == "::1");
  REQUIRE(street_from("mqtt://street.example")->url.port == 1'883);
  for (const auto* wrong : {"", "127.0.0.1:1884", "mqtt://", "mqtt://:1", "mqtt://h:0",
                            "mqtt://h:70000", "mqtt://h:1x", "mqtt://h/t"}) {
    INFO(wrong);
    REQUIRE_FALSE(street_from(wrong).has_value());
  }
}

TEST_CASE("a change of an alarm is shown with its number, its states and why",
          "[simulator][unit]") {
  const std::string line = plain_line(
      R"({"type":"org.watchpost.alarm.transition.v1","subject":"kitchen","wpclass":"alarm",)"
      R"("recordedtime":"2026-11-23T19:41:07.120Z","data":{"kind":"smoke","state":"ACK","alarm":)"
      R"({"number":37,"previous":"UNACK","state":"ACK","event":"taken"}}})");
  INFO(line);
  CHECK(line.find("kitchen") != std::string::npos);
  CHECK(line.ends_with("smoke: alarm 37 UNACK -> ACK (taken)"));
}

TEST_CASE("alarms are shown before what came earlier", "[simulator][unit]") {
  StreetView view(false);
  view.add(an_event_of("telemetry", "river-01"));
  view.add(an_event_of("patrol", "patrol-point-a-01"));
  view.add(an_event_of("alarm", "smoke-07"));

  const std::string shown = view.take();

  const auto alarm = shown.find("smoke-07");
  const auto patrol = shown.find("patrol-point-a-01");
  REQUIRE(alarm != std::string::npos);
  REQUIRE(patrol != std::string::npos);
  REQUIRE(alarm < patrol);
  REQUIRE(shown.find("19:41:07  ALARM") != std::string::npos);
  REQUIRE(shown.find("smoke: ALARM raised") != std::string::npos);
  REQUIRE(shown.find("1 telemetry") != std::string::npos);
  REQUIRE(view.take().empty());
}

TEST_CASE("more lines than a person can read are counted", "[simulator][unit]") {
  StreetView view(false);
  const std::size_t more = StreetView::kMostWaiting + 20;
  for (std::size_t i = 0; i < more; ++i) view.add(an_event_of("alarm", "smoke-07"));
  REQUIRE(view.take().find("and 20 alarm") != std::string::npos);
}

TEST_CASE("a run in which nothing was published or acknowledged proves nothing, and says why",
          "[simulator][unit]") {
  const auto says = [](const Totals& totals, std::string_view words) {
    const auto why = proves_nothing(totals, true);
    return why && why->find(words) != std::string::npos;
  };
  Totals totals;
  CHECK(says(totals, "Nothing was published"));
  CHECK(proves_nothing(totals, false).has_value());
  totals.published = totals.published_at_0 = 5;
  CHECK(says(totals, "QoS 1 or 2"));
  totals.published_at_0 = 4;
  CHECK(says(totals, "acknowledged nothing"));
  totals.refused = 1;
  CHECK(says(totals, "refused every message"));
  // Without a street the run was not meant to prove anything.
  CHECK_FALSE(proves_nothing(totals, false).has_value());
  totals.acknowledged = 1;
  CHECK_FALSE(proves_nothing(totals, true).has_value());
}

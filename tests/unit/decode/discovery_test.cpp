// Devices that tell of themselves by MQTT discovery: what is known after a restart, what is
// forgotten, and what the templates of their values mean.
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "home_assistant/value_template.hpp"
#include "site.hpp"
#include "support/catch.hpp"

namespace watchpost::decode {
namespace {

using home_assistant::ValueTemplate;
using testing::Site;

constexpr std::string_view kConfig = "homeassistant/binary_sensor/attic/smoke/config";
constexpr std::string_view kTold =
    R"({"name":"Smoke","dev_cla":"smoke","stat_t":"attic/s","val_tpl":"{{ value_json.s }}",)"
    R"("dev":{"ids":["attic"],"name":"Attic"}})";

// What `text` makes of a payload, as JSON; "-" for no value, "?" for a template that is not read.
std::string value_of(std::string_view text, std::string_view payload) {
  const auto reader = ValueTemplate::parse(text);
  if (!reader) return "?";
  boost::system::error_code error;
  const auto parsed = boost::json::parse(payload, error);
  const auto value = reader->evaluate(payload, error ? nullptr : &parsed);
  return value ? boost::json::serialize(*value) : "-";
}

}  // namespace

TEST_CASE("a device that told of itself is known, also after a restart",
          "[decode][discovery][unit]") {
  Site before;
  CHECK(before.decode("attic/s", R"({"s":"ON"})").outcome == Outcome::not_mine);
  const auto told = before.decode(kConfig, kTold);
  CHECK(told.outcome == Outcome::ignored);
  REQUIRE(told.remembered.size() == 1);
  CHECK(before.alarms("attic/s", R"({"s":"ON"})") == "smoke@attic");

  Site after;
  for (const auto& remembered : told.remembered) after.registry.recall(remembered);
  CHECK(after.alarms("attic/s", R"({"s":"ON"})") == "smoke@attic");
  CHECK(after.alarms("attic/s", R"({"s":"OFF"})").empty());
}

TEST_CASE("a device that is taken back is forgotten for good", "[decode][discovery][unit]") {
  Site site;
  site.decode(kConfig, kTold);
  const auto taken = site.decode(kConfig, "");
  REQUIRE(taken.remembered.size() == 1);
  CHECK(taken.remembered[0].value.empty());
  CHECK(site.decode("attic/s", R"({"s":"ON"})").outcome == Outcome::not_mine);
}

TEST_CASE("a discovery message that is broken changes nothing", "[decode][discovery][unit]") {
  Site site;
  site.decode(kConfig, kTold);
  CHECK(site.decode(kConfig, R"({"name":)").outcome == Outcome::malformed);
  CHECK(site.alarms("attic/s", R"({"s":"ON"})") == "smoke@attic");
}

TEST_CASE("of two detectors of one device the worst counts, on whatever topic each speaks",
          "[decode][discovery][unit]") {
  Site site;
  for (const std::string_view n : {"1", "2"}) {
    std::string told(R"({"dev_cla":"smoke","stat_t":"hall/N","dev":{"ids":["hall"]}})");
    told.replace(told.find('N'), 1, n);
    site.decode("homeassistant/binary_sensor/hall/smoke" + std::string(n) + "/config", told);
  }
  CHECK(site.alarms("hall/1", "ON") == "smoke@hall");
  CHECK(site.alarms("hall/2", "OFF") == "smoke@hall");
  CHECK(site.alarms("hall/1", "OFF").empty());
}

TEST_CASE("what others read is not read a second time", "[decode][discovery][unit]") {
  Site site;
  site.decode(kConfig,
              R"({"dev_cla":"smoke","stat_t":"zigbee2mqtt/attic","val_tpl":"{{value_json.smoke}}",)"
              R"("pl_on":true,"pl_off":false,"dev":{"ids":["zigbee2mqtt_0x1"]}})");
  const auto state = site.decode("zigbee2mqtt/attic", R"({"smoke":true})");
  CHECK(state.decoder == "zigbee2mqtt");
  REQUIRE(state.observations.size() == 1);
  CHECK(state.observations[0].device == "attic");
}

TEST_CASE("a site says what a contact is, and which way round", "[decode][discovery][unit]") {
  RegistryOptions options;
  options.bindings = default_bindings();
  options.devices.push_back({"hall/Switch1", "fire-alarm", "", {}, R"({"inverted":true})"});
  options.devices.push_back({"shelly-1/input:0", "Leak_Alarm", "", {}, ""});
  Site site{Registry::build(options).value()};
  CHECK(site.alarms("stat/hall/RESULT", R"({"Switch1":{"Action":"OFF"}})") ==
        "fire_part@hall/Switch1");
  CHECK(site.alarms("stat/hall/RESULT", R"({"Switch1":{"Action":"ON"}})").empty());
  CHECK(site.alarms("shelly-1/status/input:0", R"({"id":0,"state":true})") ==
        "water_leak@shelly-1/input:0");
  CHECK(site.alarms("shelly-2/status/input:0", R"({"id":0,"state":true})").empty());
}

TEST_CASE("templates of values, in the forms that are known", "[decode][discovery][unit]") {
  constexpr std::string_view kMessage = R"({"a":1,"b":{"c d":"x"},"l":[5,6],"n":null,"f":false})";
  CHECK(value_of("", "ON") == R"("ON")");
  CHECK(value_of("{{ value }}", "ON") == R"("ON")");
  CHECK(value_of("{{value_json.a}}", kMessage) == "1");
  CHECK(value_of("{{ value_json['b']['c d'] }}", kMessage) == R"("x")");
  CHECK(value_of("{{- value_json.l[1] -}}", kMessage) == "6");
  CHECK(value_of("{{ value_json.n }}", kMessage) == "null");
  CHECK(value_of("{{ value_json.a | float | round(1) }}", kMessage) == "1E0");
  CHECK(value_of("{{ value_json.z | default('') }}", kMessage) == "-");
  CHECK(value_of("{{ value_json.a == 1 }}", kMessage) == "true");
  CHECK(value_of("{{ value | int > 20 }}", "21") == "true");
  CHECK(value_of("{{ 'ON' if value_json.f else 'OFF' }}", kMessage) == R"("OFF")");
  CHECK(value_of("{{ 'ON' if not value_json.f else 'OFF' }}", kMessage) == R"("ON")");
  CHECK(value_of("{% if value_json.a == 1 %}ON{% else %}OFF{% endif %}", kMessage) == R"("ON")");
  CHECK(value_of("{{ value == 'true' }}", "true") == "true");
}

TEST_CASE("a member that is missing is no all-clear", "[decode][discovery][unit]") {
  CHECK(value_of("{{ 'ON' if value_json.smoke else 'OFF' }}", R"({"battery":9})") == "-");
  CHECK(value_of("{{ 'ON' if value_json.smoke else 'OFF' }}", R"({"smoke":null})") == "null");
  CHECK(value_of("{% if value_json.smoke %}ON{% else %}OFF{% endif %}", "{}") == "-");
}

TEST_CASE("a template in another form is never guessed at", "[decode][discovery][unit]") {
  for (const std::string_view text :
       {"{{ value_json.a * 2 }}", "{% set x = 1 %}{{ x }}", "{{ value_json.a }} {{ value_json.b }}",
        "{{ states('x') }}", "{{ value_json.a | regex_replace('a','b') }}", "{{ value_json. }}",
        "{{ value_json['a }}", "plain", "{{ }}", "{{ 'ON' if value_json.a }}",
        "{{ value_json.a and value_json.b }}", "{{ value.a }}"}) {
    CAPTURE(text);
    CHECK(value_of(text, R"({"a":1})") == "?");
  }
}

}  // namespace watchpost::decode

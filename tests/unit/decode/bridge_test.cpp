// What a Zigbee2MQTT says of its devices, where it publishes, and what survives a restart.
#include <algorithm>
#include <boost/json/serialize.hpp>

#include "site.hpp"
#include "support/catch.hpp"

namespace watchpost::decode {
namespace {

namespace json = boost::json;
using testing::Site;

json::object member(std::string_view name, std::string_view type, int access) {
  return {{"type", type}, {"name", name}, {"property", name}, {"access", access}};
}

json::object binary(std::string_view name, const json::value& on, const json::value& off) {
  auto expose = member(name, "binary", 1);
  expose["value_on"] = on;
  expose["value_off"] = off;
  return expose;
}

json::object device(std::string_view name, std::string_view description, json::array exposes) {
  json::object definition{
      {"model", "M"}, {"vendor", "V"}, {"description", description}, {"exposes", exposes}};
  return {{"friendly_name", name}, {"type", "EndDevice"}, {"definition", definition}};
}

// Of a village: each is a case that its payload alone does not tell.
std::string list() {
  json::array devices{{{"friendly_name", "Coordinator"}, {"type", "Coordinator"}}};
  auto presses = member("action", "enum", 1);
  presses["values"] = {"single", "double"};
  devices.push_back(device("bed", "SOS button", {presses}));
  devices.push_back(device("lamp", "Wireless button", {presses}));
  devices.push_back(device("attic", "Smart heat alarm", {binary("alarm", true, false)}));
  devices.push_back(device("gate", "Door sensor", {binary("alarm_1", true, false)}));
  devices.push_back(device("boiler", "CO alarm", {binary("carbon_monoxide", "Bad", "Fine")}));
  auto level = member("pm25", "numeric", 1);
  level["unit"] = "µg/m³";
  devices.push_back(device("air", "Air quality", {level}));
  devices.push_back(device("hall/east", "Smoke sensor", {binary("smoke", true, false)}));
  return json::serialize(devices);
}

std::vector<DecoderBinding> bound_to(std::vector<std::string> topics) {
  return {DecoderBinding{std::move(topics), "zigbee2mqtt", {}}};
}

}  // namespace

TEST_CASE("the bridge's list says what a payload alone does not", "[decode][bridge][unit]") {
  Site site;
  CHECK(site.alarms("zigbee2mqtt/bed", R"({"action":"single"})").empty());
  REQUIRE(site.decode("zigbee2mqtt/bridge/devices", list()).outcome == Outcome::decoded);

  CHECK(site.alarms("zigbee2mqtt/bed", R"({"action":"single"})") == "sos@bed");
  CHECK(site.alarms("zigbee2mqtt/bed/action", "double") == "sos@bed");
  CHECK(site.alarms("zigbee2mqtt/lamp", R"({"action":"single"})").empty());
  CHECK(site.alarms("zigbee2mqtt/attic", R"({"alarm":true})") == "heat@attic");
  CHECK(site.alarms("zigbee2mqtt/gate", R"({"alarm_1":true})").empty());
  CHECK(site.alarms("zigbee2mqtt/boiler", R"({"carbon_monoxide":"Bad"})") == "co@boiler");
  CHECK(site.alarms("zigbee2mqtt/boiler", R"({"carbon_monoxide":"Fine"})").empty());
  const auto air = site.decode("zigbee2mqtt/air", R"({"pm25":12})");
  REQUIRE(air.observations.size() == 1);
  CHECK(air.observations[0].find("pm25")->unit == "ug/m3");
}

TEST_CASE("the list tells which detectors have never been heard", "[decode][bridge][unit]") {
  Site site;
  const auto first = site.decode("zigbee2mqtt/bridge/devices", list());
  REQUIRE(first.observations.size() == 1);
  const auto& bridge = first.observations[0];
  CHECK(bridge.device == "zigbee2mqtt/bridge");
  CHECK(std::get<double>(bridge.find("devices")->value) == 7);
  CHECK(std::get<double>(bridge.find("detectors")->value) == 4);
  CHECK(std::get<std::string>(bridge.find("never_heard")->value) ==
        "attic, bed, boiler, hall/east");

  site.decode("zigbee2mqtt/attic", R"({"alarm":false})");
  // A broker's old copy is no sign of life.
  site.decode("zigbee2mqtt/bed", R"({"battery":90})", true);
  const auto second = site.decode("zigbee2mqtt/bridge/devices", list());
  CHECK(std::get<std::string>(second.observations[0].find("never_heard")->value) ==
        "bed, boiler, hall/east");
}

TEST_CASE("the list tells which danger each device can declare", "[decode][bridge][unit]") {
  Site site;
  const auto listed = site.decode("zigbee2mqtt/bridge/devices", list());
  CHECK(listed.device == "zigbee2mqtt/bridge");
  std::string dangers;
  for (const Capability& each : listed.capabilities) {
    dangers.append(each.device).append(" ").append(to_string(each.kind)).append("; ");
  }
  CHECK(dangers == "attic heat; bed sos; boiler co; hall/east smoke; ");
  CHECK(site.decode("zigbee2mqtt/attic", R"({"alarm":false})").capabilities.empty());
}

TEST_CASE("what the bridge said survives a restart", "[decode][bridge][unit]") {
  std::vector<Remembered> kept;
  {
    Site site;
    auto decoding = site.decode("zigbee2mqtt/bridge/devices", list());
    kept = decoding.remembered;
    const auto heard = site.decode("zigbee2mqtt/attic", R"({"alarm":false})").remembered;
    REQUIRE(heard.size() == 1);
    kept.push_back(heard.front());
  }
  REQUIRE(kept.size() >= 2);
  CHECK(kept.front().decoder == "zigbee2mqtt");

  Site again;
  for (const auto& each : kept) again.registry.recall(each);
  CHECK(again.alarms("zigbee2mqtt/bed", R"({"action":"single"})") == "sos@bed");
  CHECK(again.alarms("zigbee2mqtt/attic", R"({"alarm":true})") == "heat@attic");
  CHECK(again.alarms("zigbee2mqtt/gate", R"({"alarm_1":true})").empty());
  CHECK(again.alarms("zigbee2mqtt/boiler", R"({"carbon_monoxide":"Bad"})") == "co@boiler");
  CHECK(again.alarms("zigbee2mqtt/hall/east/smoke", "true") == "smoke@hall/east");
  CHECK(again.decode("zigbee2mqtt/attic", R"({"alarm":false})").remembered.empty());
}

TEST_CASE("what a group says is marked, also after a restart", "[decode][bridge][unit]") {
  const auto is_marked = [](Site& site, std::string_view topic) {
    const auto decoding = site.decode(topic, R"({"smoke":true})");
    REQUIRE(decoding.observations.size() == 1);
    const auto& flags = decoding.observations[0].flags;
    return std::find(flags.begin(), flags.end(), "group") != flags.end();
  };
  Site site;
  const auto said = site.decode("zigbee2mqtt/bridge/groups", R"([{"id":1,"friendly_name":"all"}])");
  CHECK(is_marked(site, "zigbee2mqtt/all"));
  CHECK_FALSE(is_marked(site, "zigbee2mqtt/attic"));
  Site again;
  for (const auto& each : said.remembered) again.registry.recall(each);
  CHECK(is_marked(again, "zigbee2mqtt/all"));
}

TEST_CASE("what is recalled damaged is as good as forgotten", "[decode][bridge][unit]") {
  Site site;
  for (const auto* value : {"", "{", "[]", "{\"devices\":7}", "{\"devices\":[7,{}]}",
                            R"({"devices":[{"name":"x","members":[7]}],"groups":[1]})"}) {
    site.registry.recall({"zigbee2mqtt", "list zigbee2mqtt", value});
    site.registry.recall({"zigbee2mqtt", "heard zigbee2mqtt", value});
    site.registry.recall({"zigbee2mqtt", value, value});
  }
  CHECK(site.alarms("zigbee2mqtt/kitchen", R"({"smoke":true})") == "smoke@kitchen");
}

TEST_CASE("a device that left the list is no longer listed", "[decode][bridge][unit]") {
  Site site;
  site.decode("zigbee2mqtt/bridge/devices", list());
  site.decode("zigbee2mqtt/bridge/devices", "[]");
  CHECK(site.alarms("zigbee2mqtt/bed", R"({"action":"single"})").empty());
}

TEST_CASE("a list that is none changes nothing", "[decode][bridge][unit]") {
  Site site;
  site.decode("zigbee2mqtt/bridge/devices", list());
  for (const auto* broken : {"{}", "[7]", "[", "7"}) {
    CHECK(site.decode("zigbee2mqtt/bridge/devices", broken).outcome == Outcome::malformed);
  }
  CHECK(site.decode("zigbee2mqtt/bridge/devices", "").outcome == Outcome::ignored);
  CHECK(site.alarms("zigbee2mqtt/bed", R"({"action":"single"})") == "sos@bed");
}

TEST_CASE("an attribute on a topic of its own is its device's", "[decode][bridge][unit]") {
  Site site;
  CHECK(site.alarms("zigbee2mqtt/kitchen/smoke", "true") == "smoke@kitchen");
  CHECK(site.alarms("zigbee2mqtt/kitchen/smoke", "false").empty());
  CHECK(site.alarms("zigbee2mqtt/kitchen/smoke_state", "alarm") == "smoke@kitchen");
  CHECK(site.alarms("zigbee2mqtt/bath/water_leak", "1") == "water_leak@bath");
  const auto battery = site.decode("zigbee2mqtt/kitchen/battery", "97");
  REQUIRE(battery.observations.size() == 1);
  CHECK(battery.observations[0].device == "kitchen");
  CHECK(battery.observations[0].find("battery") != nullptr);
  CHECK(site.decode("zigbee2mqtt/kitchen/update-state", "idle").outcome == Outcome::ignored);
  CHECK(site.decode("zigbee2mqtt/kitchen/smoke", "").outcome == Outcome::ignored);
  CHECK(site.decode("zigbee2mqtt/kitchen/smoke", "\xff").outcome == Outcome::malformed);
  // With levels in the name, a state is a state.
  CHECK(site.alarms("zigbee2mqtt/floor/kitchen", R"({"smoke":true})") == "smoke@floor/kitchen");
}

TEST_CASE("a calm attribute does not hide the alarming one beside it", "[decode][bridge][unit]") {
  Site site;
  CHECK(site.alarms("zigbee2mqtt/bath/active_water_leak", "true") == "water_leak@bath");
  CHECK(site.alarms("zigbee2mqtt/bath/water_leak", "false") == "water_leak@bath");
  CHECK(site.alarms("zigbee2mqtt/bath/active_water_leak", "false").empty());
}

TEST_CASE("levels in front of the base topic do not matter", "[decode][bridge][unit]") {
  Site site;
  CHECK(site.alarms("home/zigbee2mqtt/kitchen", R"({"smoke":true})") == "smoke@kitchen");
  CHECK(site.alarms("village/3/zigbee2mqtt/kitchen", R"({"smoke":true})") == "smoke@kitchen");
  CHECK(site.alarms("home/zigbee2mqtt/kitchen/smoke", "true") == "smoke@kitchen");

  Site everything(bound_to({"#"}));
  CHECK(everything.alarms("home/zigbee2mqtt/kitchen", R"({"smoke":true})") == "smoke@kitchen");

  Site bound(bound_to({"zb/#", "house/+/#"}));
  CHECK(bound.alarms("zb/kitchen", R"({"smoke":true})") == "smoke@kitchen");
  CHECK(bound.alarms("house/north/kitchen", R"({"smoke":true})") == "smoke@kitchen");
  CHECK(bound.decode("other/kitchen", R"({"smoke":true})").outcome == Outcome::not_mine);

  Site deep(bound_to({"house/#"}));
  REQUIRE(deep.decode("house/zb/bridge/devices", list()).outcome == Outcome::decoded);
  CHECK(deep.alarms("house/zb/bed", R"({"action":"single"})") == "sos@bed");
}

TEST_CASE("two bridges do not mix their devices", "[decode][bridge][unit]") {
  Site site;
  site.decode("north/zigbee2mqtt/bridge/devices", list());
  CHECK(site.alarms("north/zigbee2mqtt/bed", R"({"action":"single"})") == "sos@bed");
  CHECK(site.alarms("south/zigbee2mqtt/bed", R"({"action":"single"})").empty());
}

TEST_CASE("a danger that is not understood is kept as one, with a reason",
          "[decode][bridge][unit]") {
  Site site;
  const auto decoding = site.decode("zigbee2mqtt/kitchen", R"({"smoke_state":"stage two"})");
  REQUIRE(decoding.observations.size() == 1);
  const auto verdict = rules::judge(decoding.observations[0]);
  CHECK(verdict.event_class == EventClass::alarm);
  CHECK_FALSE(verdict.alarm);
  CHECK(decoding.observations[0].state == DeclaredState::unknown);
  CHECK(decoding.why.find("smoke_state") != std::string::npos);
  // The past is no reason to run.
  const auto old = site.decode("zigbee2mqtt/kitchen", R"({"smoke_state":"stage two"})", true);
  CHECK(rules::judge(old.observations.at(0)).event_class == EventClass::status);
}

}  // namespace watchpost::decode

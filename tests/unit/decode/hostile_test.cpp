// One device, or whoever may publish, against the dangers of others: nothing that it announces or
// sends makes a decoder break its contract (which would bench it), takes the danger of another
// device away, or declares that device calm.
#include <boost/json/serialize.hpp>

#include "site.hpp"
#include "support/catch.hpp"

namespace watchpost::decode {
namespace {

namespace json = boost::json;
using testing::Site;

constexpr int kTimes = 12;  // eight breaches in a row bench a decoder

std::string config(std::string_view device, std::string_view topic, const json::object& more) {
  json::object told{{"unique_id", device},
                    {"name", device},
                    {"state_topic", topic},
                    {"device", {{"identifiers", {device}}}}};
  for (const auto& member : more) told[member.key()] = member.value();
  return json::serialize(told);
}

std::string list_of(std::string_view name, json::object smoke = {}) {
  smoke["type"] = "binary";
  smoke["name"] = "smoke";
  smoke["property"] = "smoke";
  smoke["access"] = 1;
  json::object definition{{"model", "M"}, {"vendor", "V"}, {"description", "Smoke sensor"}};
  definition["exposes"] = json::array{smoke};
  return json::serialize(json::array{json::object{
      {"friendly_name", name}, {"type", "EndDevice"}, {"definition", std::move(definition)}}});
}

}  // namespace

namespace {

const std::string kLongLevel(2'000, 'x');

// A discovery message of many sensors, whose long texts each of them shares.
std::string crowded_config() {
  const std::string long_text(3'000, 'y');
  json::object crowd;
  for (int i = 0; i < 300; ++i) {
    crowd["c" + std::to_string(i)] = {
        {"p", "binary_sensor"}, {"state_topic", "evil/" + std::to_string(i)}, {"name", long_text}};
  }
  json::array availability;
  for (int i = 0; i < 50; ++i) {
    availability.push_back(json::object{{"topic", long_text + std::to_string(i)}});
  }
  return json::serialize(json::object{
      {"device", {{"identifiers", {long_text}}}}, {"cmps", crowd}, {"availability", availability}});
}

// Of as many devices as are read, each with more dangers than one message may list.
std::string huge_list() {
  json::array many;
  for (int i = 0; i < 2'000; ++i) {
    json::array exposes;
    for (const auto* name : {"smoke", "gas", "carbon_monoxide", "water_leak", "sos", "fall"}) {
      exposes.push_back(json::object{{"type", "binary"},
                                     {"name", name},
                                     {"property", name},
                                     {"access", 1},
                                     {"value_on", true},
                                     {"value_off", false}});
    }
    many.push_back(
        json::object{{"friendly_name", std::to_string(i) + (i % 2 == 0 ? "" : kLongLevel)},
                     {"definition", {{"exposes", exposes}}}});
  }
  return json::serialize(many);
}

using Attack = std::pair<std::string, std::string>;  // topic and payload

std::vector<Attack> attacks() {
  return {
      {"zigbee2mqtt//availability", "offline"},
      {"zigbee2mqtt/" + kLongLevel + "/availability", "offline"},
      {kLongLevel + "/zigbee2mqtt/bridge/devices", "[]"},
      {kLongLevel + "/zigbee2mqtt/bridge/devices", list_of("kitchen")},
      {kLongLevel + "/zigbee2mqtt/kitchen", R"({"smoke":true})"},
      {"zigbee2mqtt/bridge/devices", huge_list()},
      {"homeassistant/device/evil/config", crowded_config()},
      {"homeassistant/binary_sensor/" + kLongLevel + "/config", config("e", "evil", {})},
      {"homeassistant/binary_sensor//config", config("", "evil", {})},
      {"/status", "online"},
      {"tele//LWT", "Online"},
      {"tele//SENSOR", R"({"RC522":{"UID":"BA839D07"}})"},
      {"tele/" + kLongLevel + "/SENSOR", R"({"MQ2":{"Smoke":1}})"},
      {"shellies//flood", "true"},
      {"shellies/" + kLongLevel + "/status/smoke:0", R"({"alarm":true})"},
      {"//online", "true"},
      {"gst9000/", "x"},
      {"gst9000/" + kLongLevel, "x"},
      {"sl651/" + kLongLevel, "7e7e"},
      {"gb26875/" + kLongLevel, "4040"},
      {"application/1/device//event/up", R"({"fPort":1,"data":"AA==","object":{"smoke":true}})"},
      {"application/1/device/" + kLongLevel + "/event/up",
       R"({"fPort":1,"data":"AA==","object":{"smoke":true}})"},
      {"wp/in/fire/", R"([{"n":"smoke","vb":true}])"},
      {"wp/in/fire/" + kLongLevel, R"([{"n":"smoke","vb":true}])"},
      {"zwave//smoke", "true"},
      {"rtl_433//events", R"({"model":"","id":""})"},
      {"//433toMQTT", R"({"value":1})"},
      {"/smoke", "alarm"},
      {kLongLevel + "/smoke", "alarm"}};
}

}  // namespace

TEST_CASE("no topic and no announcement benches the decoder of others", "[decode][hostile][unit]") {
  Site site;
  for (const auto& [topic, payload] : attacks()) {
    INFO(topic.substr(0, 60) << " " << payload.substr(0, 60));
    for (int i = 0; i < kTimes; ++i) {
      const auto decoding = site.decode(topic, payload);
      CHECK(decoding.why.find("broke its contract") == std::string::npos);
      CHECK(decoding.why.find("benched") == std::string::npos);
    }
  }
  CHECK(site.alarms("zigbee2mqtt/hall", R"({"smoke":true})") == "smoke@hall");
  CHECK(site.alarms("shellies/hall/status/smoke:0", R"({"alarm":true})") == "smoke@hall");
}

TEST_CASE("what is told of the topic of another device takes no danger from it",
          "[decode][hostile][unit]") {
  const std::string topic = "home/kitchen/smoke";
  Site plain;
  REQUIRE(plain.alarms(topic, "ON") == "smoke@home/kitchen/smoke");
  // A sensor of something else on that topic.
  for (const json::object& harmless :
       {json::object{}, json::object{{"device_class", "door"}},
        json::object{{"device_class", "smoke"}, {"payload_on", "X"}, {"payload_off", "ON"}}}) {
    Site site;
    site.decode("homeassistant/binary_sensor/evil/config", config("evil", topic, harmless));
    INFO(json::serialize(harmless));
    const bool is_a_detector = harmless.contains("payload_on");
    // A detector that somebody told of with its words is believed where nobody else is told of.
    if (!is_a_detector) CHECK(site.alarms(topic, "ON") == "smoke@home/kitchen/smoke");
    site.decode("homeassistant/binary_sensor/real/config",
                config("real", topic, {{"device_class", "smoke"}}));
    CHECK(site.alarms(topic, "ON").find("smoke@real") != std::string::npos);
  }
  // A crowd of them, told before the detector itself.
  Site site;
  for (int i = 0; i < 2'000; ++i) {
    const auto name = "evil" + std::to_string(i);
    site.decode("homeassistant/binary_sensor/" + name + "/config",
                config(name, topic, {{"device_class", "door"}}));
  }
  site.decode("homeassistant/binary_sensor/real/config",
              config("real", topic, {{"device_class", "smoke"}}));
  CHECK(site.alarms(topic, "ON") == "smoke@real");
  // A gas meter is none of it: a number with a unit.
  Site metered;
  metered.decode(
      "homeassistant/sensor/meter/config",
      config("meter", "home/gas", {{"device_class", "gas"}, {"unit_of_measurement", "m³"}}));
  CHECK(metered.alarms("home/gas", "1").empty());
}

TEST_CASE("a sensor that calls itself a part of another device does not declare it calm",
          "[decode][hostile][unit]") {
  Site site;
  const auto smoke = [](std::string_view object, std::string_view topic) {
    json::object told{{"unique_id", object},
                      {"device_class", "smoke"},
                      {"state_topic", topic},
                      {"device", {{"identifiers", {"real"}}}}};
    return json::serialize(told);
  };
  site.decode("homeassistant/binary_sensor/real/config", smoke("real", "real/state"));
  REQUIRE(site.alarms("real/state", "ON") == "smoke@real");
  site.decode("homeassistant/binary_sensor/evil/config", smoke("evil", "evil/state"));
  CHECK(site.alarms("evil/state", "OFF") == "smoke@real");
  // Nor does it take the detector back, or turn its words round, from a config topic of its own.
  site.decode("homeassistant/binary_sensor/evil/config", "");
  CHECK(site.alarms("real/state", "ON") == "smoke@real");
}

TEST_CASE("a bridge's list changes no device of another bridge, and makes no yes calm",
          "[decode][hostile][unit]") {
  Site site;
  REQUIRE(site.decode("zigbee2mqtt/bridge/devices", list_of("kitchen")).outcome ==
          Outcome::decoded);
  REQUIRE(site.alarms("zigbee2mqtt/kitchen", R"({"smoke":true})") == "smoke@kitchen");
  const auto other = list_of("kitchen", {{"value_on", "x"}, {"value_off", true}});
  site.decode("evil/zigbee2mqtt/bridge/devices", other);
  CHECK(site.alarms("zigbee2mqtt/kitchen", R"({"smoke":true})") == "smoke@kitchen");
  // Calm under the same name at another bridge is another device.
  const auto calm = site.decode("evil/zigbee2mqtt/kitchen", R"({"smoke":false})");
  REQUIRE(calm.observations.size() == 1);
  CHECK(calm.observations[0].device == "evil/zigbee2mqtt/kitchen");
  CHECK(site.decode("evil/zigbee2mqtt/kitchen/availability", "online").device ==
        "evil/zigbee2mqtt/kitchen");
  // Whoever invents bridges takes no place from one with a shorter base.
  Site crowded;
  for (int i = 0; i < 80; ++i) {
    crowded.decode("evil" + std::to_string(i) + "/zigbee2mqtt/bridge/devices", list_of("x"));
  }
  crowded.decode("zigbee2mqtt/bridge/devices", list_of("kitchen"));
  CHECK(crowded.decode("zigbee2mqtt/bridge/devices", list_of("kitchen")).outcome ==
        Outcome::decoded);
  // A list that has a danger upside down is not believed in that.
  for (const json::object& upside_down :
       {json::object{{"value_on", false}, {"value_off", true}},
        json::object{{"value_on", "clear"}, {"value_off", "alarm"}},
        json::object{{"value_on", "OFF"}, {"value_off", "ON"}}}) {
    Site turned;
    turned.decode("zigbee2mqtt/bridge/devices", list_of("kitchen", upside_down));
    const std::string said = json::serialize(json::object{{"smoke", upside_down.at("value_off")}});
    INFO(said);
    CHECK(turned.alarms("zigbee2mqtt/kitchen", said) == "smoke@kitchen");
  }
}

TEST_CASE("a device that calls a topic of its own a bridge takes no attributes from the real one",
          "[decode][hostile][unit]") {
  Site site(std::vector<DecoderBinding>{{{"zb/#"}, "zigbee2mqtt", {}}});
  site.decode("zb/kitchen/bridge/state", "online");
  site.decode("zb/bridge/state", "online");
  CHECK(site.alarms("zb/kitchen/smoke", "true") == "smoke@kitchen");
}

}  // namespace watchpost::decode

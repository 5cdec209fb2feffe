#include "decode/registry.hpp"

#include <algorithm>
#include <fstream>

#include "decode/profiles.hpp"
#include "lorawan/codec.hpp"
#include "support/catch.hpp"
#include "support/temp_directory.hpp"

namespace watchpost::decode {
namespace {

RegistryOptions with(std::vector<DecoderBinding> bindings) {
  RegistryOptions options;
  options.bindings = std::move(bindings);
  return options;
}

Decoding decode_with(Registry& registry, std::string_view topic, std::string_view payload) {
  const auto parsed = *Topic::parse(topic);
  return registry.decode({parsed, payload, false, {}});
}

Failure failure_of(const RegistryOptions& options) {
  const auto registry = Registry::build(options);
  REQUIRE_FALSE(registry.has_value());
  return registry.error();
}

constexpr std::string_view kPack = R"([{"n":"smoke","vb":true}])";

}  // namespace

TEST_CASE("what no binding fits is nobody's", "[decode][unit]") {
  auto registry = Registry::build(with(default_bindings())).value();
  const auto decoding = decode_with(registry, "weather/outside", "12");
  CHECK(decoding.outcome == Outcome::not_mine);
  CHECK(decoding.decoder.empty());
}

TEST_CASE("topics that begin with $ are asked about too, but for the broker's own",
          "[decode][unit]") {
  auto registry = Registry::build(with(default_bindings())).value();
  CHECK(decode_with(registry, "$oc/devices/d1/sys/properties/report", R"({"smoke":1})").outcome ==
        Outcome::decoded);
  CHECK(decode_with(registry, "$nobody/knows/this", R"({"smoke":1})").outcome == Outcome::decoded);
  CHECK(decode_with(registry, "$SYS/broker/smoke", "1").outcome == Outcome::not_mine);
}

TEST_CASE("no message that anybody can send benches a built-in decoder", "[decode][unit]") {
  const std::string digits(1'000, '1');
  std::string many = "[";
  for (int i = 0; i < 2'000; ++i) many += R"({"id":)" + std::to_string(i) + R"(,"sos":1},)";
  many.back() = ']';
  const std::string key = R"({"smoke)" + digits + R"(":true})";
  const std::string topic(3'000, 'x');
  struct Hostile {
    std::string topic;
    std::string payload;
  };
  auto options = with(default_bindings());
  int benched = 0;
  options.on_fault = [&](const Failure&) { ++benched; };
  auto registry = Registry::build(options).value();
  for (const auto& [where, what] :
       {Hostile{"a/b", key}, Hostile{"zigbee2mqtt/x", key}, Hostile{"zigbee2mqtt/" + topic, key},
        Hostile{topic + "/smoke", "1"}, Hostile{"a/b", many}, Hostile{"tele/x/SENSOR", key},
        Hostile{"shellies/" + topic + "/sensor/smoke", "true"},
        Hostile{topic + "/status", "online"},
        Hostile{"zwave/" + topic + "/sensor_binary/endpoint_0/Water", "true"},
        Hostile{"a/b", R"({")" + digits + R"(":[{"values":{"smoke":1}}]})"},
        Hostile{"wp/in/fire/" + topic, kPack.data()}}) {
    INFO(where.substr(0, 40) << " " << what.substr(0, 40));
    for (int i = 0; i < 9; ++i) {
      const auto decoding = decode_with(registry, where, what);
      CHECK(decoding.why.find("broke its contract") == std::string::npos);
    }
  }
  CHECK(benched == 0);
  CHECK(decode_with(registry, "zigbee2mqtt/kitchen", R"({"smoke":true})").outcome ==
        Outcome::decoded);
  CHECK(decode_with(registry, "home/kitchen/smoke", "1").outcome == Outcome::decoded);
}

TEST_CASE("the next binding may try what the first does not take as its own", "[decode][unit]") {
  auto registry =
      Registry::build(with({{{"#"}, "zigbee2mqtt", {}}, {{"wp/in/#"}, "senml", {}}})).value();
  CHECK(decode_with(registry, "wp/in/fire/hall", kPack).decoder == "senml");
}

TEST_CASE("the first binding in the order of the configuration wins", "[decode][unit]") {
  auto registry = Registry::build(with({{{"x/#"}, "zigbee2mqtt", R"({"base":"x"})"},
                                        {{"#"}, "tag_reader", {}}}))
                      .value();
  CHECK(decode_with(registry, "x/y", "E9F35959").decoder == "zigbee2mqtt");
  CHECK(decode_with(registry, "z/y", "E9F35959").decoder == "tag_reader");
}

TEST_CASE("a malformed message is not offered to the next binding", "[decode][unit]") {
  auto registry = Registry::build(with({{{"#"}, "senml", {}}, {{"#"}, "tag_reader", {}}})).value();
  const auto decoding = decode_with(registry, "wp/in/fire/hall", "E9F35959");
  CHECK(decoding.outcome == Outcome::malformed);
  CHECK(decoding.decoder == "senml");
  CHECK(decoding.device == "hall");
}

TEST_CASE("why nobody decoded it, and whose it is, survives", "[decode][unit]") {
  auto registry = Registry::build(with(default_bindings())).value();
  const auto decoding = decode_with(registry, "application/1/device/24e1/event/up",
                                    R"({"deviceInfo":{},"data":"AXVkA3cCAA=="})");
  CHECK(decoding.outcome == Outcome::not_mine);
  CHECK(decoding.device == "24e1");
  CHECK(decoding.why.find("device table") != std::string::npos);
}

TEST_CASE("of a LoRaWAN server's event each version is explained by its own decoder",
          "[decode][unit]") {
  auto registry = Registry::build(with(default_bindings())).value();
  for (const auto* event : {R"({"devEUI":"24e1","data":"AXVkA3cCAA=="})",
                            R"({"deviceInfo":{"devEui":"24e1"},"data":"AXVkA3cCAA=="})"}) {
    const auto decoding = decode_with(registry, "application/1/device/24e1/event/up", event);
    INFO(event);
    CHECK(decoding.outcome == Outcome::not_mine);
    CHECK(decoding.why.find("watchpost_profile") != std::string::npos);
  }
}

TEST_CASE("LoRaWAN servers are read with up to two levels before their own topics",
          "[decode][unit]") {
  auto options = with(default_bindings());
  options.devices = {{"24e1", "milesight-em300-mld", "", {}, {}}};
  auto registry = Registry::build(options).value();
  const std::string v4 = R"({"deviceInfo":{"devEui":"24e1"},"fPort":85,"data":"BQAB"})";
  const std::string v3 = R"({"devEUI":"24e1","fPort":85,"data":"BQAB"})";
  const std::string stack = R"({"end_device_ids":{"device_id":"d","dev_eui":"24E1"},)"
                            R"("uplink_message":{"f_port":85,"frm_payload":"BQAB"}})";
  for (const std::string prefix : {"", "north/", "street/north/"}) {
    for (const auto& [topic, payload] : {std::pair{"application/1/device/24e1/event/up", v4},
                                         std::pair{"application/1/device/24e1/event/up", v3},
                                         std::pair{"v3/a@t/devices/d/up", stack}}) {
      const auto decoding = decode_with(registry, prefix + topic, payload);
      INFO(prefix << topic << " " << payload << ": " << decoding.why);
      REQUIRE(decoding.observations.size() == 1);
      CHECK(decoding.observations[0].state == DeclaredState::alarm);
    }
  }
}

TEST_CASE("more topics than are remembered still find their decoder", "[decode][unit]") {
  auto registry = Registry::build(with({{{"wp/in/+/+"}, "senml", {}}})).value();
  for (int i = 0; i < 66'000; ++i) {
    const auto topic = "wp/in/fire/d" + std::to_string(i);
    if (decode_with(registry, topic, kPack).outcome != Outcome::decoded) FAIL(topic);
  }
  const std::string long_topic = "wp/in/fire/" + std::string(2'000, 'x');
  CHECK(decode_with(registry, long_topic, "[]").outcome == Outcome::malformed);
  CHECK(decode_with(registry, "wp/in/fire/d0", kPack).outcome == Outcome::decoded);
}

TEST_CASE("the device table is asked without regard to case", "[decode][unit]") {
  RegistryOptions options;
  options.devices.push_back({"24E124136C191967", "milesight_gs524n", "Kitchen", {}, {}});
  const auto registry = Registry::build(options).value();
  REQUIRE(registry.device("24e124136c191967") != nullptr);
  CHECK(registry.device("24e124136c191967")->name == "Kitchen");
  CHECK(registry.device("24e1") == nullptr);
}

TEST_CASE("what is wrong with a binding is named, with the nearest spelling", "[decode][unit]") {
  CHECK(failure_of(with({{{"#"}, "zigbe2mqtt", {}}})).sentence() ==
        "there is no built-in decoder \"zigbe2mqtt\". Did you mean \"zigbee2mqtt\"?");
  CHECK(failure_of(with({{{"a/#/b"}, "senml", {}}})).what.find("no topic filter") !=
        std::string::npos);
  CHECK(failure_of(with({{{}, "senml", {}}})).what.find("no topic") != std::string::npos);
  CHECK(failure_of(with({{{"#"}, "senml", "[1]"}})).what.find("not a JSON object") !=
        std::string::npos);
  CHECK(failure_of(with({{{"#"}, "zigbee2mqtt", R"({"bsae":"x"})"}})).what.find("\"bsae\"") !=
        std::string::npos);
  CHECK(failure_of(with({{{"#"}, "absent.toml", {}}})).what.find("absent.toml") !=
        std::string::npos);
  const auto codec =
      failure_of(with({{{"#"}, "chirpstack4", R"({"profiles":{"A":"milesight_em300_ml"}})"}}));
  CHECK(codec.what.find("\"milesight-em300-mld\"") != std::string::npos);
}

TEST_CASE("a device that is in the table twice is refused", "[decode][unit]") {
  RegistryOptions options;
  options.devices.push_back({"AB", "", "", {}, {}});
  options.devices.push_back({"ab", "", "", {}, {}});
  CHECK(failure_of(options).what.find("twice") != std::string::npos);
}

TEST_CASE("the domain comes from the device table, then the kind, then the own device's topic",
          "[decode][unit]") {
  RegistryOptions options;
  options.bindings = default_bindings();
  options.devices = {{"cellar", "", "", Domain::water, ""}};
  auto registry = Registry::build(options).value();
  const auto domain_for = [&](std::string_view topic, std::string_view payload) {
    const auto parsed = *Topic::parse(topic);
    const auto decoding = registry.decode(Frame{parsed, payload});
    REQUIRE(decoding.observations.size() == 1);
    return domain_of(decoding.observations[0]);
  };
  const auto* temperature = R"([{"n":"temperature","u":"Cel","v":3}])";
  CHECK(domain_for("wp/in/fire/attic", temperature) == Domain::fire);
  CHECK(domain_for("wp/in/fire/cellar", temperature) == Domain::water);
  CHECK(domain_for("wp/in/nowhere/attic", temperature) == Domain::other);
  CHECK(domain_for("wp/in/water/attic", R"([{"n":"smoke","vb":true}])") == Domain::fire);
}

TEST_CASE("what has no kind of its own joins its neighbour in one observation", "[decode][senml]") {
  RegistryOptions options;
  options.bindings = default_bindings();
  auto registry = Registry::build(options).value();
  const auto topic = *Topic::parse("wp/in/water/river");
  const auto decoding = registry.decode(
      Frame{topic, R"([{"n":"temperature","v":3},{"n":"level","v":2},{"n":"note","vs":"x"}])"});
  REQUIRE(decoding.observations.size() == 1);
  CHECK(decoding.observations[0].kind == Kind::water_level);
  CHECK(decoding.observations[0].readings.size() == 3);
}

TEST_CASE("each profile that is offered is one that a decoder knows", "[decode][unit]") {
  const auto names = profile_names();
  CHECK(std::count(names.begin(), names.end(), "sos-button") == 1);
  CHECK(std::count(names.begin(), names.end(), "milesight-em400-udl") == 1);
  for (const auto& name : names) {
    CAPTURE(name);
    CHECK(name.find('_') == std::string::npos);
    CHECK((is_site_profile(name) || lorawan::find_codec(name) != nullptr));
  }
}

TEST_CASE("the site's name of a device goes along with what it sends, read or not",
          "[decode][unit]") {
  auto options = with(default_bindings());
  options.devices = {{"kitchen", "", "3F kitchen", {}, {}}};
  auto registry = Registry::build(options).value();
  const auto read = decode_with(registry, "zigbee2mqtt/kitchen", R"({"smoke":true})");
  REQUIRE(read.observations.size() == 1);
  CHECK(read.observations.front().name == "3F kitchen");
  CHECK(decode_with(registry, "zigbee2mqtt/kitchen", "{").name == "3F kitchen");
}

TEST_CASE("a mapping of the site adds to what is built in, where it says so", "[decode][unit]") {
  const support::TempDirectory folder;
  const auto file = (folder.path() / "door.toml").string();
  const auto with_mapping = [&](const std::string& head) {
    std::ofstream(file) << "name = \"door\"\nkind = \"measurement\"\n"
                        << head
                        << "[device]\ntopic_level = 1\n[[reading]]\nquantity = \"opened\"\n"
                           "pointer = \"/opened\"\n";
    return Registry::build(with({{{"zigbee2mqtt/#"}, file, {}}, default_bindings()[1]})).value();
  };
  constexpr std::string_view kBoth = R"({"smoke":true,"opened":3})";
  auto adding = with_mapping("adds = true\n");
  const auto both = decode_with(adding, "zigbee2mqtt/kitchen", kBoth);
  CHECK(both.decoder == "zigbee2mqtt");
  REQUIRE(both.observations.size() == 2);
  CHECK(both.observations[0].kind == Kind::smoke);
  CHECK(both.observations[1].find("opened") != nullptr);
  // Nobody behind it takes the message: what it read stands alone.
  CHECK(decode_with(adding, "zigbee2mqtt/bridge/info", kBoth).observations.size() == 1);

  auto alone = with_mapping("");
  const auto hidden = decode_with(alone, "zigbee2mqtt/kitchen", kBoth);
  REQUIRE(hidden.observations.size() == 1);
  CHECK(hidden.decoder == "door");
}

}  // namespace watchpost::decode

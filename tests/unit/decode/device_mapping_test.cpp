// A mapping as the profile of a device: which messages it is asked about, and what becomes of those
// it cannot read.
#include <fstream>

#include "decode/registry.hpp"
#include "support/catch.hpp"
#include "support/temp_directory.hpp"

namespace watchpost::decode {
namespace {

constexpr std::string_view kEui = "24e124136b502217";

// A registry with the built-in bindings and one device, whose profile is the mapping.
class MappedSite {
 public:
  MappedSite(std::string id, const std::string& toml) {
    options_.bindings = default_bindings();
    add(std::move(id), toml);
  }
  void add(std::string id, const std::string& toml) {
    const auto file = folder_.path() / (std::to_string(options_.devices.size()) + ".toml");
    std::ofstream(file) << toml;
    options_.devices.push_back({std::move(id), file.string(), "", {}, {}});
  }
  RegistryOptions& options() { return options_; }
  Decoding decode(std::string_view topic, std::string_view payload) {
    if (!registry_) registry_.emplace(Registry::build(options_).value());
    const auto parsed = *Topic::parse(topic);
    return registry_->decode({parsed, payload, false, *from_rfc3339("2026-11-23T12:00:00Z", {})});
  }

 private:
  support::TempDirectory folder_;
  RegistryOptions options_;
  std::optional<Registry> registry_;
};

const std::string kPump =
    "name = \"pump\"\nkind = \"water_level\"\n"
    "[[reading]]\npointer = \"/lvl\"\nquantity = \"level\"\nunit = \"m\"\nscale = 0.01\n"
    "[[state_when]]\npointer = \"/lvl\"\nabove = 200\nstate = \"alarm\"\n";

// Two bytes: a level, then whether there is smoke.
std::string bytes_mapping_of(const std::string& head) {
  return "name = \"float\"\nkind = \"water_level\"\nformat = \"bytes\"\n" + head +
         "[[reading]]\noffset = 0\ntype = \"u8\"\nquantity = \"level\"\nunit = \"m\"\n"
         "[[reading]]\noffset = 1\ntype = \"u8\"\nquantity = \"open\"\n"
         "[[state_when]]\noffset = 1\ntype = \"u8\"\nequals = \"1\"\nstate = \"alarm\"\n";
}

std::string chirpstack4(std::string_view data, int port = 2) {
  return R"({"time":"2026-11-23T11:59:58Z","deviceInfo":{"devEui":"24e124136b502217",)"
         R"("deviceProfileName":"Milesight EM300-MLD"},"fCnt":7,"fPort":)" +
         std::to_string(port) + R"(,"rxInfo":[{"rssi":-80,"snr":5}],"object":{"smoke":true},)" +
         R"("data":")" + std::string(data) + "\"}";
}

constexpr std::string_view kUp = "application/1/device/24e124136b502217/event/up";
constexpr std::string_view kLevel3Open = "AwE=";

const Reading* reading_of(const Observation& observation, std::string_view quantity) {
  return observation.find(quantity);
}

}  // namespace

TEST_CASE("a device's own mapping reads what any topic with its id says", "[decode][unit]") {
  MappedSite site("Pump7", kPump);
  for (const auto* topic : {"yard/pump7/up", "pump7", "PUMP7/x", "zigbee2mqtt/Pump7",
                            "tele/pump7/SENSOR", "shellies/pump7/info"}) {
    INFO(topic);
    const auto decoding = site.decode(topic, R"({"lvl":250})");
    CHECK(decoding.decoder == "pump");
    REQUIRE(decoding.observations.size() == 1);
    CHECK(decoding.observations[0].device == "Pump7");
    CHECK(decoding.observations[0].state == DeclaredState::alarm);
  }
  // A part of a level is another device.
  CHECK(site.decode("yard/pump77/up", R"({"lvl":250})").outcome == Outcome::not_mine);
}

TEST_CASE("an id of several levels is found as a run of them, before a shorter one",
          "[decode][unit]") {
  MappedSite site("yard/pump", kPump);
  site.add("yard", bytes_mapping_of(""));
  CHECK(site.decode("a/Yard/Pump/up", R"({"lvl":2})").device == "yard/pump");
  CHECK(site.decode("a/yard/pumps/up", "\x03\x01").device == "yard");
  CHECK(site.decode("a/yard/pump/up", "\x03\x01").device == "yard");
}

TEST_CASE("what does not look like the mapping's goes on to the bindings", "[decode][unit]") {
  MappedSite site("kitchen", kPump);
  const auto built_in = site.decode("zigbee2mqtt/kitchen", R"({"smoke":true})");
  CHECK(built_in.decoder == "zigbee2mqtt");
  REQUIRE(built_in.observations.size() == 1);
  CHECK(built_in.observations[0].state == DeclaredState::alarm);
  // Where nobody reads it, the mapping's word stands, and it is loud.
  const auto nobody = site.decode("own/kitchen/up", R"({"level":3})");
  CHECK(nobody.outcome == Outcome::malformed);
  CHECK(nobody.decoder == "pump");
  CHECK(nobody.device == "kitchen");
  // It is the mapping's, and what its bound compares is no number: that is loud, and no other
  // reading hides it.
  const auto broken = site.decode("zigbee2mqtt/kitchen", R"({"smoke":false,"lvl":"high"})");
  CHECK(broken.decoder == "pump");
  REQUIRE(broken.observations.size() == 1);
  CHECK(broken.observations[0].flags == std::vector<std::string>{"not_understood", "partly_read"});
}

TEST_CASE("a mapping that requires a member leaves the rest to the bindings", "[decode][unit]") {
  MappedSite site("kitchen", "requires = [\"/lvl\"]\n" + kPump);
  CHECK(site.decode("zigbee2mqtt/kitchen", R"({"smoke":true})").decoder == "zigbee2mqtt");
  const auto nobody = site.decode("own/kitchen/up", R"({"level":3})");
  CHECK(nobody.outcome == Outcome::not_mine);
  CHECK(nobody.why == "it has no /lvl");
}

TEST_CASE("a device's own mapping hides no alarm where it adds", "[decode][unit]") {
  MappedSite site("kitchen", "adds = true\n" + kPump);
  const auto both = site.decode("zigbee2mqtt/kitchen", R"({"smoke":true,"lvl":10})");
  REQUIRE(both.observations.size() == 2);
  CHECK(both.observations[0].kind == Kind::smoke);
  CHECK(both.observations[1].kind == Kind::water_level);
}

TEST_CASE("another gateway's event about the device is passed on, not read", "[decode][unit]") {
  MappedSite site("pump7", bytes_mapping_of(""));
  site.options().bindings.insert(site.options().bindings.begin(), {{"wp/v1/#"}, "relay", {}});
  site.options().gateway = "own";
  const auto decoding = site.decode("wp/v1/310118/106/203/other/alarm/water/pump7", "{}");
  CHECK(decoding.decoder == "relay");
}

TEST_CASE("a profile's topics keep the device's other messages from it", "[decode][unit]") {
  MappedSite site("hall", bytes_mapping_of("topics = [\"+/hall/raw\"]\n"));
  CHECK(site.decode("own/hall/raw", "\x03\x01").decoder == "float");
  CHECK(site.decode("own/hall/state", "\x03\x01").outcome == Outcome::not_mine);
}

TEST_CASE("a LoRaWAN device's bytes are read out of every server's envelope by its own mapping",
          "[decode][unit]") {
  MappedSite site(std::string(kEui), bytes_mapping_of("port = [2, 3]\n"));
  const std::string v3 = R"({"devEUI":"24e124136b502217","fPort":3,"fCnt":7,"data":"AwE=",)"
                         R"("object":{"smoke":true}})";
  const std::string stack =
      R"({"end_device_ids":{"device_id":"d","dev_eui":"24E124136B502217"},"uplink_message":)"
      R"({"f_port":2,"f_cnt":7,"frm_payload":"AwE=","decoded_payload":{"smoke":true}}})";
  for (const auto& [topic, payload] : {std::pair{std::string(kUp), chirpstack4(kLevel3Open)},
                                       {std::string(kUp), v3},
                                       {"v3/a@t/devices/d/up", stack}}) {
    INFO(payload);
    const auto decoding = site.decode(topic, payload);
    INFO(decoding.why);
    CHECK(decoding.decoder == "float");
    REQUIRE(decoding.observations.size() == 2);
    const Observation& level = decoding.observations[0];
    CHECK(level.device == kEui);
    CHECK(level.state == DeclaredState::alarm);
    REQUIRE(reading_of(level, "level") != nullptr);
    CHECK(reading_of(level, "level")->value == Reading::Value(3.0));
    const Observation& link = decoding.observations[1];
    CHECK(link.kind == Kind::device_status);
    REQUIRE(reading_of(link, "fcnt") != nullptr);
    CHECK(reading_of(link, "fcnt")->value == Reading::Value(7.0));
  }
}

TEST_CASE("what a mapping has no time for has the envelope's", "[decode][unit]") {
  MappedSite site(std::string(kEui), bytes_mapping_of(""));
  const auto decoding = site.decode(kUp, chirpstack4(kLevel3Open));
  REQUIRE(decoding.observations.size() == 2);
  for (const Observation& each : decoding.observations) {
    CHECK(each.observed_at == from_rfc3339("2026-11-23T11:59:58Z", {}));
    CHECK(each.time_source == TimeSource::network);
  }
}

TEST_CASE("bytes that the mapping cannot read are malformed and the device's", "[decode][unit]") {
  MappedSite site(std::string(kEui), bytes_mapping_of(""));
  const auto decoding = site.decode(kUp, chirpstack4("Aw=="));
  CHECK(decoding.outcome == Outcome::malformed);
  CHECK(decoding.decoder == "float");
  CHECK(decoding.device == kEui);
  CHECK(decoding.why.find("\"open\"") != std::string::npos);
  CHECK(decoding.observations.empty());
}

TEST_CASE("an uplink on a port that the mapping ignores is no trouble", "[decode][unit]") {
  MappedSite site(std::string(kEui), bytes_mapping_of("port = 2\nignore_port = [5, 6]\n"));
  const auto settings = site.decode(kUp, chirpstack4(kLevel3Open, 5));
  CHECK(settings.outcome == Outcome::decoded);  // what the network server says of the link
  CHECK(settings.why.empty());
  CHECK(site.decode(kUp, chirpstack4(kLevel3Open, 7)).outcome == Outcome::not_mine);
}

TEST_CASE("an uplink on another port is nobody's, and the reason names the port",
          "[decode][unit]") {
  MappedSite site(std::string(kEui), bytes_mapping_of("port = 2\n"));
  const auto decoding = site.decode(kUp, chirpstack4(kLevel3Open, 5));
  CHECK(decoding.outcome == Outcome::not_mine);
  CHECK(decoding.device == kEui);
  CHECK(decoding.why.find("fPort 5") != std::string::npos);
  // The text of the envelope is never taken for the device's own bytes.
  CHECK(site.decode(kUp, R"({"lvl":1})").outcome == Outcome::not_mine);
}

TEST_CASE("an event of the network server is not read as the device's bytes", "[decode][unit]") {
  MappedSite site(std::string(kEui), bytes_mapping_of(""));
  const std::string_view base = "application/1/device/24e124136b502217/event/";
  const std::string info = R"({"deviceInfo":{"devEui":"24e124136b502217"},"margin":5})";
  const auto status = site.decode(std::string(base) + "status", info);
  CHECK(status.decoder == "chirpstack4");
  REQUIRE(status.observations.size() == 1);
  CHECK(status.observations[0].kind == Kind::device_status);
  CHECK(site.decode(std::string(base) + "new", info).outcome == Outcome::not_mine);
}

TEST_CASE("a simulated uplink tests a device's own mapping and alarms nobody", "[decode][unit]") {
  MappedSite site(std::string(kEui), bytes_mapping_of(""));
  const auto decoding = site.decode(
      "v3/a@t/devices/d/up",
      R"({"end_device_ids":{"device_id":"d","dev_eui":"24E124136B502217"},"simulated":true,)"
      R"("uplink_message":{"f_port":2,"frm_payload":"AwE="}})");
  REQUIRE(decoding.observations.size() == 2);
  CHECK(decoding.observations[0].state == DeclaredState::test);
}

TEST_CASE("a mistake in a device's mapping stops the start with file and line", "[decode][unit]") {
  MappedSite site("a", "name = \"m\"\nkind = \"fal\"\n");
  const auto registry = Registry::build(site.options());
  REQUIRE_FALSE(registry.has_value());
  CHECK(registry.error().sentence().find("0.toml:2: \"fal\" is no kind") != std::string::npos);
  CHECK(registry.error().chinese.find("0.toml:2：") != std::string::npos);
}

}  // namespace watchpost::decode

#include "cli/decode/decode.hpp"

#include <fstream>

#include "support/catch.hpp"
#include "support/temp_directory.hpp"

using namespace watchpost;
using namespace watchpost::cli;

namespace {

DecodeOptions message(std::string topic, std::string text) {
  DecodeOptions options;
  options.topic = std::move(topic);
  options.text = std::move(text);
  return options;
}

std::string page(const DecodeOptions& options) {
  const auto page = decode_page(options);
  REQUIRE(page.has_value());
  return page->text;
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("decode says what a payload becomes", "[cli][unit]") {
  const auto text = page(message("zigbee2mqtt/kitchen", R"({"smoke":true,"battery":97})"));
  CHECK(has(text, "decoder zigbee2mqtt: decoded"));
  CHECK(has(text,
            "kitchen: smoke alarm, domain fire, class alarm, raised: Immediate, Severe, Likely"));
  CHECK(has(text, "smoke = true"));
  CHECK(has(text, "battery = 97 %EL"));
}

TEST_CASE("decode says why a payload becomes nothing", "[cli][unit]") {
  const auto malformed = decode_page(message("zigbee2mqtt/kitchen", "{\"smoke\":"));
  REQUIRE(malformed.has_value());
  CHECK_FALSE(malformed->good);
  CHECK(has(malformed->text, "decoder zigbee2mqtt: malformed"));
  CHECK(has(malformed->text, "because: not valid JSON"));
  CHECK(has(page(message("weather/out", "12")), "no decoder is bound to this topic"));
  const auto unread = page(message("zigbee2mqtt/kitchen", R"({"smoke_state":"stage_two"})"));
  CHECK(has(unread, "class alarm, not understood: it may be an alarm"));
  CHECK(has(unread, "because: \"smoke_state\" says \"stage_two\""));
}

TEST_CASE("decode takes a device with its profile, and bytes", "[cli][unit]") {
  auto options = message("zigbee2mqtt/bed", R"({"action":"single"})");
  CHECK_FALSE(has(page(options), "raised"));
  options.device = "bed=sos_button";
  CHECK(has(page(options), "bed: sos alarm"));
  options.text.clear();
  options.hex = "7b22736d6f6b65223a747275657d";
  CHECK(has(page(options), "smoke alarm"));
  options.hex = "7b2";
  CHECK_FALSE(decode_page(options).has_value());
  options.retained = true;
  options.hex = "7b22736d6f6b65223a747275657d";
  CHECK(has(page(options), "of the past: it sounds no siren"));
}

TEST_CASE("decode reads the samples of a decoder and says which became something else",
          "[cli][unit]") {
  DecodeOptions options;
  options.vectors = std::string(WATCHPOST_SOURCE_DIR) + "/plugins/zigbee2mqtt/vectors.json";
  const auto all = decode_page(options);
  REQUIRE(all.has_value());
  CHECK(all->good);

  const support::TempDirectory folder;
  const auto file = folder.path() / "vectors.json";
  std::ofstream(file) << R"({"decoder":"zigbee2mqtt","vectors":[{"name":"one",)"
                      << R"("topic":"zigbee2mqtt/a","text":"7","expect":"decoded"}]})";
  options.vectors = file.string();
  const auto wrong = decode_page(options);
  REQUIRE(wrong.has_value());
  CHECK_FALSE(wrong->good);
  CHECK(has(wrong->text, "NOT AS EXPECTED: the file says decoded"));

  // A mapping beside the file; every member that the sample names is compared.
  std::ofstream(folder.path() / "lake.toml")
      << "name = \"lake\"\nkind = \"water_level\"\n[device]\nfixed = \"lake\"\n"
         "[[reading]]\npointer = \"/cm\"\nquantity = \"level\"\nunit = \"cm\"\n";
  const auto lake = [&](std::string_view observation) {
    std::ofstream(file)
        << R"({"decoder":"lake.toml","vectors":[{"name":"one","topic":"a","text":"{\"cm\":7}",)"
        << R"("expect":"decoded","observations":[)" << observation << "]}]}";
    const auto page = decode_page(options);
    return page ? page->text : page.error().sentence();
  };
  CHECK_FALSE(has(lake(R"({"device":"lake","readings":{"level":[7,"cm"]}})"), "NOT AS"));
  CHECK(has(lake(R"({"device":"lake","readings":{"level":[8,"cm"]}})"),
            "NOT AS EXPECTED: level: expected [8,\"cm\"], found 7"));
  CHECK(has(lake(R"({"state":"alarm"})"), "state: expected \"alarm\", found info"));
  CHECK(has(lake(R"({"readings":{"level":7}})"), "must be written as [value, \"unit\"]"));
  CHECK(has(lake(R"({"flags":"late"})"), "must be a list"));
  CHECK(has(lake(R"({"colour":"red"})"), "that means nothing"));
  CHECK(has(lake(R"({}, {})"), "the file says 2 observations, found 1"));

  options.vectors = (folder.path() / "none.json").string();
  CHECK_FALSE(decode_page(options).has_value());
}

TEST_CASE("decode reads a device by the mapping that is its profile", "[cli][unit]") {
  const support::TempDirectory folder;
  const auto file = folder.path() / "watchpost.toml";
  std::ofstream(file) << "[gateway]\nid = \"g\"\narea = \"310118106203\"\n"
                         "[[device]]\nid = \"24e124136b502217\"\nprofile = \"float.toml\"\n"
                         "[[device]]\nid = \"p1\"\nprofile = \"pump.toml\"\n";
  std::ofstream(folder.path() / "float.toml")
      << "name = \"float\"\nkind = \"water_level\"\nformat = \"bytes\"\nport = 2\n"
         "[[reading]]\noffset = 0\ntype = \"u8\"\nquantity = \"level\"\nunit = \"m\"\n";
  std::ofstream(folder.path() / "pump.toml")
      << "name = \"pump\"\nkind = \"water_level\"\n"
         "[[reading]]\npointer = \"/lvl\"\nquantity = \"level\"\nunit = \"m\"\n";
  auto options = message("application/1/device/24e124136b502217/event/up",
                         R"({"deviceInfo":{"devEui":"24e124136b502217"},"fPort":2,"data":"Aw=="})");
  options.config = file.string();
  const auto lorawan = page(options);
  CHECK(has(lorawan, "chirpstack4 hands over the bytes of the device"));
  CHECK(has(lorawan, "decoder float (the device's profile): decoded"));
  CHECK(has(lorawan, "level = 3 m"));
  options.topic = "yard/p1/up";
  options.text = R"({"lvl":2})";
  CHECK(has(page(options), "decoder pump (the device's profile): decoded"));
  options.text = R"({"level":2})";
  const auto unread = page(options);
  CHECK(has(unread, "decoder pump (the device's profile): malformed"));
  CHECK(has(unread, "none of the mapping's readings is there"));
}

TEST_CASE("the samples of a mapping are read by it as the profile of a device", "[cli][unit]") {
  const support::TempDirectory folder;
  const auto file = folder.path() / "vectors.json";
  std::ofstream(folder.path() / "float.toml")
      << "name = \"float\"\nkind = \"water_level\"\nformat = \"bytes\"\nport = 2\n"
         "[[reading]]\noffset = 0\ntype = \"u8\"\nquantity = \"level\"\nunit = \"m\"\n";
  std::ofstream(file)
      << R"({"decoder":"float.toml","devices":[{"id":"24e1","profile":"float.toml"}],"vectors":[)"
      << R"({"name":"one","topic":"application/1/device/24e1/event/up","expect":"decoded",)"
      << R"("text":"{\"deviceInfo\":{\"devEui\":\"24e1\"},\"fPort\":2,\"data\":\"Aw==\"}",)"
      << R"("observations":[{"device":"24e1","readings":{"level":[3,"m"]}},{}]}]})";
  DecodeOptions options;
  options.vectors = file.string();
  const auto page = decode_page(options);
  INFO((page ? page->text : page.error().sentence()));
  REQUIRE(page.has_value());
  CHECK(page->good);
}

TEST_CASE("decode uses the bindings of a configuration", "[cli][unit]") {
  const support::TempDirectory folder;
  const auto file = folder.path() / "watchpost.toml";
  std::ofstream(file) << "[gateway]\nid = \"g\"\narea = \"310118106203\"\n"
                         "[[decoder]]\ntopics = [\"zb/#\"]\nuse = \"zigbee2mqtt\"\n"
                         "[[device]]\nid = \"bed\"\nprofile = \"sos-button\"\n";
  auto options = message("zb/bed", R"({"action":"single"})");
  options.config = file.string();
  CHECK(has(page(options), "bed: sos alarm"));
  std::ofstream(file) << "[gateway]\nidd = 7\n";
  CHECK_FALSE(decode_page(options).has_value());
}

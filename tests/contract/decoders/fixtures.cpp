#include "fixtures.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <sstream>

#include "base/encoding.hpp"
#include "decoding_text.hpp"
#include "support/catch.hpp"

namespace watchpost::test {
namespace {

namespace json = boost::json;

std::vector<std::string> columns_of(const std::string& line) {
  std::vector<std::string> columns;
  std::istringstream rest(line);
  for (std::string column; std::getline(rest, column, '\t');) columns.push_back(column);
  return columns;
}

constexpr std::string_view kTagLink = "URL text published by reader/phone; ";

// "zigbee2mqtt/<friendly_name> and ..." -> "zigbee2mqtt/friendly_name". Of bytes of a wire the
// topic of a bridge stands behind: "TCP stream; watchpost/raw/x/<station>, binary".
std::string topic_of(std::string text) {
  if (text.starts_with(kTagLink)) text.erase(0, kTagLink.size());
  const auto bridge = text.find("watchpost/raw/");
  const auto begin = bridge == std::string::npos ? 0 : bridge;
  std::string topic;
  for (const char c : text.substr(begin, text.find_first_of(" ,;", begin) - begin)) {
    if (c != '<' && c != '>') topic.push_back(c);
  }
  return topic;
}

std::string trimmed(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  return text;
}

FixtureMessage message_in(const std::string& line) {
  const auto entry = json::parse(line);
  const auto& payload = entry.at("payload");
  const auto* retain = entry.as_object().if_contains("retain");
  return {Topic::parse(entry.at("topic").as_string()).value(),
          payload.is_string() ? std::string(payload.as_string()) : json::serialize(payload),
          retain != nullptr && retain->as_bool()};
}

std::vector<decode::DeviceEntry> lorawan_devices() {
  std::vector<decode::DeviceEntry> devices;
  const auto add = [&](std::string eui, std::string profile) {
    decode::DeviceEntry entry;
    entry.id = std::move(eui);
    entry.profile = std::move(profile);
    devices.push_back(std::move(entry));
  };
  add("24e124136c191967", "milesight_gs524n");
  add("24e124713c000001", "milesight_em310_udl");
  add("24E124713C000004", "milesight_em400_mud");  // as printed on the label
  add("24e124136d000005", "milesight_em300_mld");
  add("24e124798c000001", "milesight_vs373");
  add("24e124535b000001", "milesight_ws101");
  add("e8e1e10001000001", "browan_tbwl");
  add("70b3d5e75e000001", "hager_tg563a");
  add("24e124126b000002", "milesight_em500_swl");
  add("em500-udl", "milesight_em500_udl");  // The Things Stack's id of the device
  add("70b3d57ba0000001", "decentlab_mbx");
  add("a84041000181c061", "dragino_ldds45");
  add("vs373", "milesight_vs373");
  add("00137a1000000001", "netvox_r312a");
  add("6749D19054690031", "milesight_em400_udl");  // by its serial number, over NB-IoT
  return devices;
}

std::vector<decode::DecoderBinding> mapping_bindings() {
  const std::string mappings = std::string(WATCHPOST_SOURCE_DIR) + "/config/mappings/";
  return {{{"tele/+/SENSOR"}, mappings + "tasmota_sr04.toml", {}},
          {{"tele/+/RESULT"}, mappings + "tasmota_rf_bridge.toml", {}},
          {{"/xm/sh/response/mqtt/+/2018/v2"}, mappings + "level4g.toml", {}},
          {{"GIOT-GW/UL/+"}, mappings + "meokon_hydrant.toml", {}}};
}

}  // namespace

std::vector<FixtureRow> fixture_rows() {
  std::istringstream lines(read_source_file("tests/fixtures/index.tsv"));
  std::vector<FixtureRow> rows;
  std::string topic;  // of the rows of tag links, which name it once
  std::string line;
  std::getline(lines, line);
  while (std::getline(lines, line)) {
    const auto columns = columns_of(line);
    INFO(line);
    REQUIRE(columns.size() == 14);
    if (columns[4].starts_with(kTagLink)) topic = columns[4];
    rows.push_back({columns[0], columns[4] == "as above" ? topic : columns[4], columns[5],
                    columns[9] == "yes", json::parse(columns[13]).as_array()});
  }
  return rows;
}

std::vector<FixtureMessage> messages_of(const FixtureRow& row) {
  const auto content = read_source_file("tests/fixtures/" + row.file);
  std::vector<FixtureMessage> messages;
  if (row.file.ends_with(".jsonl")) {
    std::istringstream lines(content);
    for (std::string line; std::getline(lines, line);) {
      if (!line.empty()) messages.push_back(message_in(line));
    }
    return messages;
  }
  auto payload = trimmed(content);
  if (row.file.ends_with(".hex")) payload = from_hex(payload).value();
  const auto topic = Topic::parse(topic_of(row.topic));
  INFO(row.topic);
  REQUIRE(topic.has_value());
  messages.push_back({*topic, std::move(payload), false});
  return messages;
}

decode::Registry fixture_registry(FixtureMappings mappings) {
  decode::RegistryOptions options;
  if (mappings == FixtureMappings::first) options.bindings = mapping_bindings();
  for (auto& binding : decode::default_bindings()) options.bindings.push_back(std::move(binding));
  // Before what is asked about everything.
  const auto last = options.bindings.end() - 1;
  options.bindings.insert(last, {{"zigbee/#"}, "zigbee2mqtt", R"({"base":"zigbee"})"});
  options.bindings.insert(options.bindings.end() - 1, {{"TCP/UDP/MQTT"}, "milesight_nbiot", {}});
  options.bindings.insert(options.bindings.end() - 1, {{"UART"}, "mr60fda1", {}});
  options.devices = lorawan_devices();
  // The published keys of the fixtures, which have them in the payload too, where nobody reads
  // them.
  options.tag_keys_json =
      R"([{"meta":"00000000000000000000000000000000","file":"00000000000000000000000000000000"}])";
  auto registry = decode::Registry::build(options);
  INFO((registry ? std::string{} : registry.error().sentence()));
  REQUIRE(registry.has_value());
  return std::move(*registry);
}

}  // namespace watchpost::test

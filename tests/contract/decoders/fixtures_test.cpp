#include "fixtures.hpp"

#include <algorithm>
#include <array>
#include <boost/json/serialize.hpp>
#include <cmath>
#include <variant>

#include "cli/decode/difference.hpp"
#include "decoding_text.hpp"
#include "rules/verdict.hpp"
#include "support/catch.hpp"
#include "vectors.hpp"

namespace watchpost::test {
namespace {

namespace json = boost::json;

// Fields of the fixtures whose quantity has another name or a unit of its own.
struct Renamed {
  std::string_view field;
  std::string_view quantity;
  std::string_view unit;
};
constexpr std::array kRenamed{
    Renamed{"battery_pct", "battery", "%EL"},
    Renamed{"battery_v", "battery_voltage", "V"},
    Renamed{"rssi", "rssi", "dBm"},
    Renamed{"margin", "margin", "dB"},
    Renamed{"use_time_now_s", "use_time_now", "s"},
    Renamed{"use_time_today_s", "use_time_today", "s"},
};

std::string unit_of(std::string_view name, std::string_view unit) {
  if (unit == "degC") return "Cel";
  if (unit == "raw") return "";
  if (unit == "%" && name == "humidity") return "%RH";
  return std::string(unit);
}

std::string measure_difference(const json::object& measure, const Observation& observation) {
  const std::string name(measure.at("name").as_string());
  const json::value pair{measure.at("value"), unit_of(name, measure.at("unit").as_string())};
  const auto text = cli::difference(pair, observation.find(name));
  return text.empty() ? text : name + ": " + text;
}

std::string reading_difference(std::string_view field, const json::value& value,
                               const Observation& observation) {
  // A list of names is one text with commas.
  if (const auto* list = value.if_array(); list != nullptr) {
    std::string text;
    for (const auto& name : *list) {
      text.append(text.empty() ? "" : ",").append(std::string_view(name.as_string()));
    }
    return reading_difference(field, json::value(text), observation);
  }
  const auto renamed = std::find_if(kRenamed.begin(), kRenamed.end(),
                                    [&](const Renamed& entry) { return entry.field == field; });
  const bool found = renamed != kRenamed.end();
  const std::string quantity(found ? renamed->quantity : field);
  const json::value pair{value, std::string(found ? renamed->unit : "")};
  const auto text = cli::difference(pair, observation.find(quantity));
  return text.empty() ? text : quantity + ": " + text;
}

std::string field_difference(std::string_view field, const json::value& value,
                             const Observation& observation) {
  if (field == "event_time") {
    const auto wanted =
        from_rfc3339(std::string_view(value.as_string()), std::chrono::minutes{0}).value();
    const auto found = observation.observed_at.value_or(WallTime{});
    const bool same = std::chrono::floor<std::chrono::milliseconds>(found) == wanted;
    return same ? std::string{} : "event_time: found " + to_rfc3339(found) + "\n";
  }
  for (const std::string_view plain :
       {"kind", "state", "alarm", "quality", "history", "time_source", "flags"}) {
    if (field == plain) return cli::difference(json::object{{field, value}}, observation);
  }
  if (field == "measures") {
    std::string differences;
    for (const auto& measure : value.as_array()) {
      differences += measure_difference(measure.as_object(), observation);
    }
    return differences;
  }
  // The mapping leaves the series in the raw payload.
  if (field == "history_values_kpa") return {};
  return reading_difference(field, value, observation);
}

void check_class(const FixtureRow& row, const Observation& observation) {
  const auto found = rules::judge(observation).event_class;
  if (row.alarm) {
    CHECK(found == EventClass::alarm);
  } else if (observation.kind == Kind::patrol_scan) {
    CHECK(found == EventClass::patrol);
  } else if (observation.kind == Kind::device_status || observation.find("online") != nullptr) {
    CHECK(found == EventClass::status);
  } else {
    CHECK((found == EventClass::status || found == EventClass::telemetry));
  }
}

// In a "sequence", the expected observations are the alarms of all messages together.
std::vector<Observation> relevant(const FixtureRow& row, std::vector<decode::Decoding> decodings) {
  std::vector<Observation> observations;
  for (auto& decoding : decodings) {
    for (auto& observation : decoding.observations) {
      if (row.expect_class == "sequence" && !rules::judge(observation).alarm.has_value()) continue;
      observations.push_back(std::move(observation));
    }
  }
  return observations;
}

// One observation is expected for each value of a series: a late record at its own time.
std::vector<json::object> expected_of(const FixtureRow& row) {
  std::vector<json::object> expected;
  for (const auto& each : row.expected) {
    const auto& object = each.as_object();
    if (!object.contains("series")) {
      expected.push_back(object);
      continue;
    }
    auto time = from_rfc3339(std::string_view(object.at("series_start").as_string()), {}).value();
    for (const auto& value : object.at("series").as_array()) {
      json::object one;
      for (const auto* same : {"kind", "state", "alarm", "history"}) one[same] = object.at(same);
      one["event_time"] = to_rfc3339(time);
      one["measures"] = {{{"name", object.at("series_name")},
                          {"value", value},
                          {"unit", object.at("series_unit")}}};
      expected.push_back(std::move(one));
      time += std::chrono::seconds{object.at("series_step_s").as_int64()};
    }
  }
  return expected;
}

void check_row(const FixtureRow& row, decode::Registry& registry) {
  std::vector<decode::Decoding> decodings;
  std::string texts;
  for (const auto& message : messages_of(row)) {
    decodings.push_back(registry.decode(
        {message.topic, message.payload, message.retained, cli::default_received_at()}));
    texts += describe(decodings.back());
  }
  INFO(row.file << "\n" << texts);
  if (row.expect_class == "reject") {
    CHECK(decodings.front().outcome == decode::Outcome::malformed);
    CHECK_FALSE(decodings.front().why.empty());
    return;
  }
  const auto observations = relevant(row, std::move(decodings));
  const auto expected = expected_of(row);
  REQUIRE(observations.size() == expected.size());
  for (std::size_t i = 0; i < observations.size(); ++i) {
    std::string differences;
    for (const auto& field : expected[i]) {
      differences += field_difference(field.key(), field.value(), observations[i]);
    }
    CHECK(differences == "");
    check_class(row, observations[i]);
  }
}

}  // namespace

TEST_CASE("every fixture of the families built so far becomes what the index says",
          "[decode][contract]") {
  for (const auto& row : fixture_rows()) {
    auto registry = fixture_registry();  // what a decoder remembers of one row is not of the next
    check_row(row, registry);
  }
}

TEST_CASE("the mappings that are installed read their fixtures like the built-in decoders",
          "[decode][contract]") {
  for (const auto& row : fixture_rows()) {
    auto registry = fixture_registry(FixtureMappings::first);  // as above
    check_row(row, registry);
  }
}

// The samples of decentlab/decentlab-decoders, with the ranges that stand there.
TEST_CASE("the mappings for sensors with a range of their own read their maker's samples",
          "[decode][contract]") {
  struct Sample {
    std::string_view mapping;
    std::string_view data;  // base64
    double kilopascal, celsius, volt;
  };
  constexpr double kNear = 1e-9;
  for (const auto& [mapping, data, kilopascal, celsius, volt] :
       {Sample{"decentlab_pr26", "AgFnAAM+gGAXDH8=", -1.171875, 25.671875, 3.199},
        Sample{"decentlab_pr36", "AgMrAAOAZ5eBDCs=", 1.25732421875, 23.50390625, 3.115}}) {
    INFO(mapping);
    const std::string file =
        std::string(WATCHPOST_SOURCE_DIR) + "/config/mappings/" + std::string(mapping) + ".toml";
    decode::RegistryOptions options;
    options.bindings = decode::default_bindings();
    options.devices = {{"0102030405060708", file, "", {}, ""}};
    auto registry = decode::Registry::build(std::move(options)).value();
    const auto topic = *Topic::parse("application/1/device/0102030405060708/event/up");
    const auto payload = R"({"deviceInfo":{"devEui":"0102030405060708"},"fPort":1,"data":")" +
                         std::string(data) + "\"}";
    const auto decoding = registry.decode({topic, payload, false, {}});
    REQUIRE_FALSE(decoding.observations.empty());
    const Observation& level = decoding.observations.front();
    CHECK(level.kind == Kind::water_level);
    const auto near = [&level](std::string_view quantity, double wanted) {
      const Reading* reading = level.find(quantity);
      return reading != nullptr && std::abs(std::get<double>(reading->value) - wanted) < kNear;
    };
    CHECK(near("pressure", kilopascal));
    CHECK(near("temperature", celsius));
    CHECK(near("battery_voltage", volt));
  }
}

}  // namespace watchpost::test

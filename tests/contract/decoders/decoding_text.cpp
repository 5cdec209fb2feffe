#include "decoding_text.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <cmath>
#include <fstream>
#include <sstream>

#include "rules/judgement.hpp"
#include "support/catch.hpp"

namespace watchpost::test {
namespace {

namespace json = boost::json;

std::string text_of(const Reading::Value& value) {
  if (std::holds_alternative<std::monostate>(value)) return "null";
  if (const auto* on = std::get_if<bool>(&value)) return *on ? "true" : "false";
  if (const auto* number = std::get_if<double>(&value)) return std::to_string(*number);
  return "\"" + std::get<std::string>(value) + "\"";
}

bool equal(const json::value& expected, const Reading::Value& value) {
  if (expected.is_null()) return std::holds_alternative<std::monostate>(value);
  if (expected.is_bool()) return value == Reading::Value(expected.get_bool());
  if (expected.is_string()) return value == Reading::Value(std::string(expected.get_string()));
  const auto* number = std::get_if<double>(&value);
  if (!expected.is_number() || number == nullptr) return false;
  const auto wanted = expected.to_number<double>();
  return std::abs(*number - wanted) <= std::abs(wanted) * 0.001;  // 0.1 %
}

std::string unequal(std::string_view name, const json::value& expected, std::string_view found) {
  return std::string(name) + ": expected " + json::serialize(expected) + ", found " +
         std::string(found) + "\n";
}

std::string member_difference(std::string_view key, const json::value& expected,
                              const Observation& observation) {
  const auto compare = [&](std::string_view found) {
    const bool same = expected.is_string() && expected.get_string() == found;
    return same ? std::string{} : unequal(key, expected, found);
  };
  if (key == "device") return compare(observation.device);
  if (key == "kind") return compare(to_string(observation.kind));
  if (key == "state") return compare(to_string(observation.state));
  if (key == "quality") return compare(to_string(observation.quality));
  if (key == "time_source") return compare(to_string(observation.time_source));
  if (key == "observed_at") {
    return compare(observation.observed_at ? to_rfc3339(*observation.observed_at) : "nothing");
  }
  if (key == "alarm" || key == "history") {
    const rules::Verdict verdict = rules::judge(observation);
    const bool found = key == "alarm" ? verdict.alarm.has_value() : verdict.late;
    return expected == found ? std::string{} : unequal(key, expected, found ? "true" : "false");
  }
  std::string differences;
  if (key == "flags") {
    for (const auto& flag : expected.as_array()) {
      const std::string name(flag.as_string());
      const auto& flags = observation.flags;
      if (std::find(flags.begin(), flags.end(), name) == flags.end()) {
        differences += "flag " + name + " is missing\n";
      }
    }
    return differences;
  }
  if (key == "readings") {
    for (const auto& reading : expected.as_object()) {
      const std::string name(reading.key());
      const auto text = difference(reading.value(), observation.find(name));
      if (!text.empty()) differences += name + ": " + text;
    }
    return differences;
  }
  return "the vector has a member \"" + std::string(key) + "\" that the runner does not know\n";
}

}  // namespace

std::string read_source_file(const std::string& path) {
  std::ifstream file(std::string(WATCHPOST_SOURCE_DIR) + "/" + path, std::ios::binary);
  INFO(path);
  REQUIRE(file.good());
  std::ostringstream content;
  content << file.rdbuf();
  return content.str();
}

std::string describe(const decode::Decoding& decoding) {
  std::ostringstream text;
  text << to_string(decoding.outcome) << " by " << decoding.decoder << " for " << decoding.device
       << ": " << decoding.why << "\n";
  for (const auto& observation : decoding.observations) {
    text << observation.device << " " << to_string(observation.kind) << " "
         << to_string(observation.state) << " " << to_string(observation.quality) << " "
         << to_string(observation.time_source) << " "
         << (observation.observed_at ? to_rfc3339(*observation.observed_at) : "-")
         << (observation.history ? " history" : "");
    for (const auto& flag : observation.flags) text << " #" << flag;
    text << "\n";
    for (const auto& reading : observation.readings) {
      text << "  " << reading.quantity << " = " << text_of(reading.value) << " " << reading.unit
           << "\n";
    }
  }
  return text.str();
}

// `expected` is [value, unit].
std::string difference(const json::value& expected, const Reading* reading) {
  if (reading == nullptr) return "is missing\n";
  const auto& pair = expected.as_array();
  REQUIRE(pair.size() == 2);
  if (equal(pair[0], reading->value) && pair[1].as_string() == reading->unit) return {};
  return "expected " + json::serialize(expected) + ", found " + text_of(reading->value) + " \"" +
         reading->unit + "\"\n";
}

std::string difference(const json::object& expected, const Observation& observation) {
  std::string differences;
  for (const auto& member : expected) {
    differences += member_difference(member.key(), member.value(), observation);
  }
  return differences;
}

}  // namespace watchpost::test

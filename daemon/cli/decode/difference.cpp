#include "cli/decode/difference.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <cmath>

#include "rules/verdict.hpp"

namespace watchpost::cli {
namespace {

namespace json = boost::json;

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
    const bool found = key == "alarm" ? verdict.alarm.has_value() : verdict.of_the_past;
    return expected == found ? std::string{} : unequal(key, expected, found ? "true" : "false");
  }
  std::string differences;
  if (key == "flags") {
    if (!expected.is_array()) return "\"flags\" must be a list of texts\n";
    for (const auto& flag : expected.get_array()) {
      const std::string name(flag.is_string() ? std::string_view(flag.get_string()) : "");
      const auto& flags = observation.flags;
      if (std::find(flags.begin(), flags.end(), name) == flags.end()) {
        differences += "flag " + name + " is missing\n";
      }
    }
    return differences;
  }
  if (key == "readings") {
    if (!expected.is_object()) return "\"readings\" must be an object in braces\n";
    for (const auto& reading : expected.get_object()) {
      const std::string name(reading.key());
      const auto text = difference(reading.value(), observation.find(name));
      if (!text.empty()) differences += name + ": " + text;
    }
    return differences;
  }
  return "the vector has a member \"" + std::string(key) + "\" that means nothing\n";
}

}  // namespace

std::string text_of(const Reading::Value& value) {
  if (std::holds_alternative<std::monostate>(value)) return "null";
  if (const auto* on = std::get_if<bool>(&value)) return *on ? "true" : "false";
  if (const auto* number = std::get_if<double>(&value)) return std::to_string(*number);
  return "\"" + std::get<std::string>(value) + "\"";
}

std::string difference(const json::value& expected, const Reading* reading) {
  if (reading == nullptr) return "is missing\n";
  const auto* pair = expected.if_array();
  if (pair == nullptr || pair->size() != 2 || !pair->at(1).is_string()) {
    return "must be written as [value, \"unit\"]\n";
  }
  if (equal(pair->at(0), reading->value) && pair->at(1).get_string() == reading->unit) return {};
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

std::string relayed_difference(const json::object& expected, const decode::Decoding& decoding) {
  if (!decoding.relayed) return "nothing was relayed\n";
  const auto& relayed = *decoding.relayed;
  const auto& time = relayed.observed_at;
  const json::object found{
      {"gateway", relayed.gateway},          {"class", to_string(relayed.event_class)},
      {"domain", to_string(relayed.domain)}, {"severity", relayed.severity_number},
      {"device", decoding.device},           {"time", time ? to_rfc3339(*time) : ""}};
  if (found == expected) return {};
  return "relayed: expected " + json::serialize(expected) + ", found " + json::serialize(found) +
         "\n";
}

}  // namespace watchpost::cli

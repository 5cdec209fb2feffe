#include "pipeline/annotation.hpp"

#include <boost/json.hpp>
#include <cmath>

#include "base/encoding.hpp"
#include "pipeline/alarm_grade.hpp"

namespace watchpost::pipeline {
namespace {

namespace json = boost::json;

// Devices may name themselves in any bytes; JSON text is UTF-8 (RFC 8259 section 8.1).
json::string to_json_text(std::string_view text) {
  if (is_utf8(text)) return json::string(text);
  return json::string(to_hex(text));
}

json::object to_json(const Reading& reading) {
  json::object object;
  object["n"] = to_json_text(reading.quantity);
  if (!reading.unit.empty()) object["u"] = to_json_text(reading.unit);
  if (const auto* flag = std::get_if<bool>(&reading.value)) {
    object["vb"] = *flag;
  } else if (const auto* number = std::get_if<double>(&reading.value)) {
    // JSON knows no NaN and no infinity; what a device sends as such is "not known".
    object["v"] = std::isfinite(*number) ? json::value(*number) : json::value(nullptr);
  } else if (const auto* text = std::get_if<std::string>(&reading.value)) {
    object["vs"] = to_json_text(*text);
  } else {
    object["v"] = nullptr;
  }
  return object;
}

void grade(json::object& event, const Observation& observation) {
  const AlarmGrade grade = grade_of(observation.kind, observation.state);
  event["state"] = "raised";
  event["condition"] = to_string(observation.state);
  event["urgency"] = grade.urgency;
  event["severity"] = grade.severity;
  event["certainty"] = grade.certainty;
}

}  // namespace

std::string annotate(const Observation& observation, std::string_view topic,
                     std::string_view decoder, Part part) {
  json::object event;
  event["kind"] = to_string(observation.kind);
  if (observation.declares_alarm()) {
    grade(event, observation);
  } else {
    event["state"] = to_string(observation.state);
  }
  event["timesource"] = to_string(observation.time_source);
  if (observation.quality != Quality::ok) event["quality"] = to_string(observation.quality);
  if (observation.history) event["history"] = true;
  json::array& readings = event["readings"].emplace_array();
  readings.reserve(observation.readings.size());
  for (const Reading& reading : observation.readings) readings.emplace_back(to_json(reading));
  if (!observation.flags.empty()) {
    json::array& flags = event["flags"].emplace_array();
    for (const std::string& flag : observation.flags) flags.emplace_back(to_json_text(flag));
  }
  if (part.of > 1) {
    event["part"] = part.number;
    event["parts"] = part.of;
  }
  event["decoder"] = to_json_text(decoder);
  event["topic"] = to_json_text(topic);
  return json::serialize(event);
}

std::string annotate_kept(std::string_view topic, std::string_view outcome,
                          std::string_view decoder, std::string_view why) {
  json::object event;
  event["outcome"] = outcome;
  if (!decoder.empty()) event["decoder"] = to_json_text(decoder);
  if (!why.empty()) event["why"] = to_json_text(why);
  event["topic"] = to_json_text(topic);
  return json::serialize(event);
}

}  // namespace watchpost::pipeline

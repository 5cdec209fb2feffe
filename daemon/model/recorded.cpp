#include "model/recorded.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "base/json_members.hpp"

namespace watchpost {
namespace {

namespace json = boost::json;

Reading reading_of(const json::object& object) {
  Reading reading;
  reading.quantity = text_in(object, "n");
  reading.unit = text_in(object, "u");
  if (const auto* number = object.if_contains("v"); number != nullptr && number->is_number()) {
    boost::system::error_code failed;
    reading.value = number->to_number<double>(failed);
  } else if (const auto* flag = object.if_contains("vb"); flag != nullptr && flag->is_bool()) {
    reading.value = flag->get_bool();
  } else if (const auto* text = object.if_contains("vs"); text != nullptr && text->is_string()) {
    reading.value = std::string(text->get_string().data(), text->get_string().size());
  }
  return reading;
}

TimeSource time_source_from(std::string_view name) {
  for (const auto each : {TimeSource::device, TimeSource::network, TimeSource::gateway}) {
    if (to_string(each) == name) return each;
  }
  return TimeSource::received;
}

Quality quality_from(std::string_view name) {
  for (const auto each : {Quality::suspect, Quality::invalid, Quality::stale}) {
    if (to_string(each) == name) return each;
  }
  return Quality::ok;
}

}  // namespace

std::optional<Observation> observation_of(const Record& record) {
  if (record.type != RecordType::observation) return std::nullopt;
  boost::system::error_code failed;
  const json::value parsed = json::parse(record.annotation, failed);
  if (failed || !parsed.is_object()) return std::nullopt;
  const json::object& data = parsed.get_object();
  Observation observation;
  const auto kind = kind_from(text_in(data, "kind"));
  // What raised an alarm says so in place of what the device declared.
  const std::string_view state = text_in(data, "state");
  const auto declared = declared_state_from(state == "raised" ? text_in(data, "condition") : state);
  if (!kind || !declared) return std::nullopt;
  observation.device = record.device;
  observation.kind = *kind;
  observation.state = *declared;
  if (record.domain != domain_of(*kind)) observation.domain = record.domain;
  observation.observed_at = record.observed_at;
  observation.time_source = time_source_from(text_in(data, "timesource"));
  observation.quality = quality_from(text_in(data, "quality"));
  observation.history = flag_in(data, "history");
  for (const json::value& each : list_in(data, "readings")) {
    if (each.is_object()) observation.readings.push_back(reading_of(each.get_object()));
  }
  for (const json::value& each : list_in(data, "flags")) {
    if (each.is_string())
      observation.flags.emplace_back(each.get_string().data(), each.get_string().size());
  }
  const auto& flags = observation.flags;
  observation.stored_copy = std::find(flags.begin(), flags.end(), "retained") != flags.end();
  return observation;
}

}  // namespace watchpost

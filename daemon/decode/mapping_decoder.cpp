#include "decode/mapping_decoder.hpp"

#include <algorithm>
#include <cmath>

#include "decode/frame_facts.hpp"
#include "decode/mapping_payload.hpp"
#include "sdk/text.hpp"

namespace watchpost::decode {
namespace {

std::optional<double> number_in(const Reading::Value& value) {
  if (const auto* number = std::get_if<double>(&value)) return *number;
  if (const auto* text = std::get_if<std::string>(&value)) return sdk::number_from(*text);
  return std::nullopt;
}

// The value of a reading after enum, prefix, sentinels and scale. Nothing: of the wrong type.
std::optional<Reading::Value> convert(const MappedReading& reading, const Reading::Value& value,
                                      bool& sentinel) {
  if (std::holds_alternative<std::monostate>(value)) return value;
  if (!reading.words.empty()) {
    const auto text = value_text(value);
    const auto word = std::find_if(reading.words.begin(), reading.words.end(),
                                   [&](const auto& pair) { return pair.first == text; });
    if (word == reading.words.end()) return Reading::Value(std::string("unknown"));
    return Reading::Value(word->second);
  }
  const auto number = number_in(value);
  if (number && std::find(reading.sentinels.begin(), reading.sentinels.end(), *number) !=
                    reading.sentinels.end()) {
    sentinel = true;
    return Reading::Value();
  }
  const bool scaled = reading.scale != 1 || reading.add != 0 || !reading.unit.empty();
  if (scaled) {
    if (!number) return std::nullopt;
    const double result = *number * reading.scale + reading.add;
    return std::isfinite(result) ? std::optional<Reading::Value>(result) : std::nullopt;
  }
  const auto* text = std::get_if<std::string>(&value);
  if (text != nullptr && !reading.strip_prefix.empty() && text->starts_with(reading.strip_prefix)) {
    return Reading::Value(text->substr(reading.strip_prefix.size()));
  }
  return value;
}

}  // namespace

Decoding MappingDecoder::decode(const Frame& frame) {
  Decoding decoding;
  decoding.decoder = mapping_.name;
  const MappingPayload payload(mapping_, frame.payload);
  const auto answer = [&](Outcome outcome, std::string why) {
    decoding.outcome = outcome;
    decoding.why = std::move(why);
    return std::move(decoding);
  };
  if (!payload.broken().empty()) {
    // The topic names the device also where nothing of the payload can be read.
    if (!mapping_.device.place) decoding.device = device_of(frame, payload);
    return answer(Outcome::malformed, payload.broken());
  }
  for (const auto& pointer : mapping_.requires_members) {
    if (!payload.has(pointer)) return answer(Outcome::not_mine, "it has no " + pointer);
  }
  Observation observation;
  observation.device = decoding.device = device_of(frame, payload);
  if (observation.device.empty()) return answer(Outcome::malformed, "no device is named in it");
  observation.kind = mapping_.kind;
  std::string why;
  if (!read(payload, observation, why)) return answer(Outcome::malformed, why);
  observation.state = state_of(payload);
  set_time(payload, observation);
  apply_frame_facts(frame, observation);
  decoding.observations.push_back(std::move(observation));
  return answer(Outcome::decoded, {});
}

// A null says that the device does not know: then no state but "unknown" is true, unless a rule
// says what null means here.
DeclaredState MappingDecoder::state_of(const MappingPayload& payload) const {
  bool met_null = false;
  for (const auto& rule : mapping_.rules) {
    const auto value = payload.at(rule.place);
    if (!value) continue;
    if (value_text(*value) == rule.equals) return rule.state;
    met_null = met_null || std::holds_alternative<std::monostate>(*value);
  }
  return met_null ? DeclaredState::unknown : mapping_.state;
}

std::string MappingDecoder::device_of(const Frame& frame, const MappingPayload& payload) const {
  if (mapping_.device.topic_level) {
    const auto level = static_cast<std::size_t>(*mapping_.device.topic_level);
    return std::string(sdk::topic_level(frame.topic.text(), level).value_or(""));
  }
  if (!mapping_.device.place) return mapping_.device.fixed;
  const auto value = payload.at(*mapping_.device.place);
  if (!value || std::holds_alternative<std::monostate>(*value)) return {};
  return value_text(*value);
}

bool MappingDecoder::read(const MappingPayload& payload, Observation& observation,
                          std::string& why) const {
  for (const auto& reading : mapping_.readings) {
    const auto value = payload.at(reading.place);
    if (!value) {
      const bool binary = reading.place.offset.has_value();
      if (!reading.must_exist && !binary) continue;
      why = "the reading \"" + reading.quantity + "\" is not there";
      return false;
    }
    bool sentinel = false;
    auto converted = convert(reading, *value, sentinel);
    if (!converted) {
      why = "the reading \"" + reading.quantity + "\" is no number";
      return false;
    }
    if (sentinel) observation.flags.emplace_back("sentinel");
    observation.readings.push_back({reading.quantity, reading.unit, std::move(*converted)});
  }
  if (!observation.readings.empty()) return true;
  why = "none of the mapping's readings is there";
  return false;
}

void MappingDecoder::set_time(const MappingPayload& payload, Observation& observation) const {
  if (!mapping_.time) return;
  const auto value = payload.at(*mapping_.time);
  if (!value) return;
  std::optional<std::int64_t> time;
  if (mapping_.time_format == TimeFormat::iso) {
    const auto* text = std::get_if<std::string>(&*value);
    if (text != nullptr) time = sdk::time_from_text(*text, zone_minutes_);
  } else if (const auto number = number_in(*value)) {
    time = sdk::time_from_epoch(*number);
  }
  if (!time) return;
  observation.observed_at = WallTime{std::chrono::nanoseconds{*time}};
  observation.time_source = TimeSource::device;
}

}  // namespace watchpost::decode

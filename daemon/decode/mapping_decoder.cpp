#include "decode/mapping_decoder.hpp"

#include <algorithm>
#include <cmath>

#include "decode/frame_facts.hpp"
#include "decode/mapping_payload.hpp"
#include "sdk/text.hpp"

namespace watchpost::decode {
namespace {

constexpr std::size_t kLongestUnit = 12;
constexpr std::string_view kNothingThere = "none of the mapping's readings is there";

// A text may have its unit behind the number: "23.5 °C", "153cm", "97%".
std::optional<double> number_in(const Reading::Value& value, std::string_view wanted = {}) {
  if (const auto* number = std::get_if<double>(&value)) return *number;
  const auto* text = std::get_if<std::string>(&value);
  if (text == nullptr) return std::nullopt;
  auto body = sdk::trim(*text);
  if (body.starts_with('+')) body.remove_prefix(1);
  const auto end = std::min(body.find_first_not_of("+-.0123456789"), body.size());
  const auto unit = sdk::trim(body.substr(end));
  const bool is_unit =
      unit.size() <= kLongestUnit && unit.find_first_of("0123456789:;,") == std::string_view::npos;
  if (const auto whole = sdk::number_from(body)) return whole;  // "1e3"
  if (!wanted.empty() && unit != wanted) return std::nullopt;
  return is_unit ? sdk::number_from(body.substr(0, end)) : std::nullopt;
}

bool is_sentinel(const MappedPart& part, const PayloadPlace& place, double number) {
  return std::any_of(part.readings.begin(), part.readings.end(), [&](const MappedReading& reading) {
    const bool same =
        reading.place.pointer == place.pointer && reading.place.offset == place.offset;
    return same && std::find(reading.sentinels.begin(), reading.sentinels.end(), number) !=
                       reading.sentinels.end();
  });
}

bool lies_within(const StateRule& rule, double number) {
  return (!rule.at_least || number >= *rule.at_least) && (!rule.above || number > *rule.above) &&
         (!rule.below || number < *rule.below) && (!rule.at_most || number <= *rule.at_most);
}

bool is_alarming(DeclaredState state) {
  return state == DeclaredState::alarm || state == DeclaredState::suspected ||
         state == DeclaredState::confirmed;
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
  const auto number = number_in(value, reading.text_unit);
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

Decoding MappingDecoder::decode_of(std::string_view device, const Frame& frame) const {
  Answer whole;
  whole.device = device;
  Decoding& decoding = whole.decoding;
  decoding.decoder = mapping_.name;
  MappingPayload payload(mapping_, frame.payload);
  const auto answer = [&](Outcome outcome, std::string why) {
    decoding.outcome = outcome;
    decoding.why = std::move(why);
    if (outcome != Outcome::decoded) decoding.observations.clear();
    decoding.is_unlike = outcome == Outcome::malformed && is_unlike(payload);
    return std::move(decoding);
  };
  if (!payload.broken().empty()) {
    // The topic names the device also where nothing of the payload can be read.
    if (!device.empty()) {
      decoding.device = device;
    } else if (!mapping_.device.place) {
      decoding.device = device_of(frame, payload);
    }
    return answer(Outcome::malformed, payload.broken());
  }
  for (const auto& pointer : mapping_.requires_members) {
    if (!payload.has(pointer)) return answer(Outcome::not_mine, "it has no " + pointer);
  }
  std::string why;
  if (!mapping_.each) {
    if (!read_all(frame, payload, whole, why)) return answer(Outcome::malformed, why);
  } else {
    const auto count = payload.size_of(mapping_.each->pointer);
    if (!count) return answer(Outcome::malformed, "it has no list " + mapping_.each->pointer);
    if (*count > Each::kMost) return answer(Outcome::malformed, "its list has more than 1024");
    for (std::size_t i = 0; i < *count; ++i) {
      payload.enter(mapping_.each->pointer, i);
      if (!read_all(frame, payload, whole, why)) return answer(Outcome::malformed, why);
    }
    if (*count == 0) return answer(Outcome::ignored, "its list is empty");
  }
  decoding.adds = mapping_.adds;
  return answer(Outcome::decoded, std::move(whole.not_understood));
}

bool MappingDecoder::read_all(const Frame& frame, const MappingPayload& payload, Answer& answer,
                              std::string& why) const {
  const std::string device =
      answer.device.empty() ? device_of(frame, payload) : std::string(answer.device);
  if (answer.decoding.device.empty()) answer.decoding.device = device;
  if (device.empty()) return why = "no device is named in it", false;
  const std::size_t before = answer.decoding.observations.size();
  for (const MappedPart& part : mapping_.parts) {
    Observation observation;
    observation.device = device;
    observation.kind = part.kind;
    observation.history = mapping_.each && mapping_.each->history;
    if (!read(part, payload, observation, why)) {
      // A message may leave out what one of several kinds is about.
      const bool is_left_out = mapping_.parts.size() > 1 && why == kNothingThere;
      if (observation.readings.empty() && is_left_out) continue;
      return false;
    }
    judge(part, payload, observation, answer.not_understood);
    set_time(payload, observation);
    apply_frame_facts(frame, observation);
    answer.decoding.observations.push_back(std::move(observation));
  }
  if (answer.decoding.observations.size() > before) return true;
  return why = kNothingThere, false;
}

bool MappingDecoder::is_unlike(const MappingPayload& payload) const {
  if (mapping_.format != PayloadFormat::json || !payload.broken().empty()) return true;
  return std::none_of(mapping_.parts.begin(), mapping_.parts.end(), [&](const MappedPart& part) {
    return std::any_of(
        part.readings.begin(), part.readings.end(),
        [&](const MappedReading& reading) { return payload.at(reading.place).has_value(); });
  });
}

// A null says that the device does not know: then no state but "unknown" is true, unless a rule
// says what null means here. What a bound should have told of a danger and is no number is loud.
void MappingDecoder::judge(const MappedPart& part, const MappingPayload& payload,
                           Observation& observation, std::string& why) {
  bool met_null = false;
  bool met_danger = false;
  observation.state = part.state;
  for (const auto& rule : part.rules) {
    const auto value = payload.at(rule.place);
    if (!value) continue;
    const bool is_null = std::holds_alternative<std::monostate>(*value);
    met_null = met_null || is_null;
    if (!rule.compares()) {
      if (value_text(*value) == *rule.equals) {
        observation.state = rule.state;
        return;
      }
      continue;
    }
    const auto number = number_in(*value);
    if (number && is_sentinel(part, rule.place, *number)) {
      met_null = true;
    } else if (number && lies_within(rule, *number)) {
      observation.state = rule.state;
      return;
    } else if (!number && !is_null && is_alarming(rule.state)) {
      met_danger = true;
      why = "\"" + value_text(*value) + "\" is no number, and a state rule compares it";
    }
  }
  if (met_null || met_danger) observation.state = DeclaredState::unknown;
  if (met_danger) observation.flags.emplace_back("not_understood");
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

bool MappingDecoder::read(const MappedPart& part, const MappingPayload& payload,
                          Observation& observation, std::string& why) {
  for (const auto& reading : part.readings) {
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
  why = kNothingThere;
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

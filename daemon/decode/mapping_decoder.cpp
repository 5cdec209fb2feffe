#include "decode/mapping_decoder.hpp"

#include <algorithm>
#include <cmath>

#include "decode/frame_facts.hpp"
#include "decode/mapping_payload.hpp"
#include "sdk/text.hpp"

namespace watchpost::decode {
namespace {

constexpr std::size_t kLongestUnit = 12;
constexpr std::string_view kNotUnderstood = "not_understood";
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

// A bit or a masked number that the payload has no whole number for.
bool is_unmasked(const PayloadPlace& place, const Reading::Value& value) {
  if (std::holds_alternative<std::monostate>(value)) return false;
  if (place.bit) return !std::holds_alternative<bool>(value);
  return place.mask && !std::holds_alternative<double>(value);
}

// As text, or of a number as a number: "0.50" is 0.5.
bool is_equal(const Reading::Value& value, const std::string& wanted) {
  if (value_text(value) == wanted) return true;
  const auto* number = std::get_if<double>(&value);
  return number != nullptr && sdk::number_from(wanted) == *number;
}

bool lies_within(const StateRule& rule, double number) {
  return (!rule.at_least || number >= *rule.at_least) && (!rule.above || number > *rule.above) &&
         (!rule.below || number < *rule.below) && (!rule.at_most || number <= *rule.at_most);
}

// The site's own remote controls are a few of those that are heard, so that a code of another is
// nothing to be loud about.
bool wants_every_code(const MappedPart& part) {
  return part.state == DeclaredState::unknown && part.kind != Kind::rf_code;
}

// It will be of class "alarm": by its state, or as not understood.
bool is_loud(const Observation& observation) {
  const auto& flags = observation.flags;
  return is_alarming(observation.state) ||
         std::find(flags.begin(), flags.end(), kNotUnderstood) != flags.end();
}

bool has_alarm(const std::vector<Observation>& observations) {
  return std::any_of(observations.begin(), observations.end(), [](const Observation& observation) {
    return !observation.history && is_loud(observation);
  });
}

// The value of a reading after enum, prefix, sentinels and scale. Nothing: of the wrong type.
std::optional<Reading::Value> convert(const MappedReading& reading, const Reading::Value& value,
                                      bool& sentinel) {
  if (std::holds_alternative<std::monostate>(value)) return value;
  if (is_unmasked(reading.place, value)) return std::nullopt;
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
  if (!mapping_.each) {
    read_all(frame, payload, whole);
  } else {
    const auto count = payload.size_of(mapping_.each->pointer);
    // As with `requires`, it is left to the next decoder: new values and old records may come in
    // messages of their own.
    const bool is_left = device.empty() && !payload.has(mapping_.each->pointer);
    if (!count) {
      return answer(is_left ? Outcome::not_mine : Outcome::malformed,
                    "it has no list " + mapping_.each->pointer);
    }
    if (*count > Each::kMost) return answer(Outcome::malformed, "its list has more than 1024");
    for (std::size_t i = 0; i < *count; ++i) {
      payload.enter(mapping_.each->pointer, i);
      read_all(frame, payload, whole);
    }
    if (*count == 0) return answer(Outcome::ignored, "its list is empty");
  }
  // An alarm counts also where something beside it cannot be read.
  if (!whole.unread.empty()) {
    if (!has_alarm(decoding.observations)) return answer(Outcome::malformed, whole.unread);
    if (whole.not_understood.empty()) whole.not_understood = whole.unread;
  }
  decoding.adds = mapping_.adds;
  return answer(Outcome::decoded, std::move(whole.not_understood));
}

void MappingDecoder::read_all(const Frame& frame, const MappingPayload& payload,
                              Answer& answer) const {
  const auto miss = [&answer](std::string_view why) {
    if (answer.unread.empty()) answer.unread = why;
  };
  const std::string device =
      answer.device.empty() ? device_of(frame, payload) : std::string(answer.device);
  if (answer.decoding.device.empty()) answer.decoding.device = device;
  if (device.empty()) return miss("no device is named in it");
  bool is_there = false;
  for (const MappedPart& part : mapping_.parts) {
    Observation observation;
    observation.device = device;
    observation.kind = part.kind;
    observation.history = mapping_.each && mapping_.each->history;
    const auto unread = read(part, payload, observation);
    const bool is_told = judge(part, payload, observation, answer.not_understood);
    // A message may leave out what one of several kinds is about; but a rule that fits is about it.
    if (observation.readings.empty() && unread.empty() && !is_told) continue;
    is_there = true;
    if (!unread.empty()) {
      miss(unread);
      if (!is_loud(observation)) continue;
      observation.flags.emplace_back("partly_read");
    }
    set_time(payload, observation);
    apply_frame_facts(frame, observation);
    answer.decoding.observations.push_back(std::move(observation));
  }
  if (!is_there) miss(kNothingThere);
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
// says what null means here. Loud is what should have told of a danger and did not: a bound that
// meets no number, a bit that meets no whole number, and, where the mapping says "unknown" of what
// fits no rule, a code that none of its rules knows.
bool MappingDecoder::judge(const MappedPart& part, const MappingPayload& payload,
                           Observation& observation, std::string& why) {
  bool met_null = false;
  std::string danger;
  std::string code;
  observation.state = part.state;
  for (const auto& rule : part.rules) {
    const auto value = payload.at(rule.place);
    if (!value) continue;
    const bool is_null = std::holds_alternative<std::monostate>(*value);
    const auto number = number_in(*value);
    const bool fits = rule.compares() ? number && !is_sentinel(part, rule.place, *number) &&
                                            lies_within(rule, *number)
                                      : is_equal(*value, *rule.equals);
    if (fits) return observation.state = rule.state, true;
    if (is_null || (number && is_sentinel(part, rule.place, *number))) {
      met_null = true;
    } else if (is_alarming(rule.state)) {
      if (is_unmasked(rule.place, *value)) {
        danger = "\"" + value_text(*value) + "\" has no bits, and a state rule looks at them";
      } else if (rule.compares() && !number) {
        danger = "\"" + value_text(*value) + "\" is no number, and a state rule compares it";
      } else if (!rule.compares() && !std::holds_alternative<bool>(*value)) {
        code = value_text(*value);
      }
    }
  }
  if (danger.empty() && !met_null && !code.empty() && wants_every_code(part)) {
    danger = "no state rule knows \"" + code + "\"";
  }
  if (met_null || !danger.empty()) observation.state = DeclaredState::unknown;
  if (danger.empty()) return false;
  observation.flags.emplace_back(kNotUnderstood);
  why = std::move(danger);
  return true;
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

std::string MappingDecoder::read(const MappedPart& part, const MappingPayload& payload,
                                 Observation& observation) {
  std::string unread;
  const auto miss = [&unread](const MappedReading& reading, std::string_view what) {
    if (unread.empty()) unread.append("the reading \"").append(reading.quantity).append(what);
  };
  for (const auto& reading : part.readings) {
    const auto value = payload.at(reading.place);
    if (!value) {
      const bool binary = reading.place.offset.has_value();
      if (reading.must_exist || binary) miss(reading, "\" is not there");
      continue;
    }
    bool sentinel = false;
    auto converted = convert(reading, *value, sentinel);
    if (!converted) {
      const auto& unit = reading.text_unit;
      miss(reading, unit.empty() ? "\" is no number" : "\" is no number in " + unit);
      continue;
    }
    if (sentinel) observation.flags.emplace_back("sentinel");
    observation.readings.push_back({reading.quantity, reading.unit, std::move(*converted)});
  }
  return unread;
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

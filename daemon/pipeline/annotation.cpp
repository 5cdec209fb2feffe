#include "pipeline/annotation.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <cmath>

#include "base/encoding.hpp"
#include "pipeline/alarm_grade.hpp"

namespace watchpost::pipeline {
namespace {

// Devices may name themselves in any bytes; JSON text is UTF-8 (RFC 8259 section 8.1).
std::string quoted(std::string_view text) {
  return boost::json::serialize(boost::json::string(is_utf8(text) ? text : to_hex(text)));
}

// Boost.JSON writes 97 as 9.7E1; people read these events too. JSON knows no NaN and no infinity:
// what a device sends as such is "not known".
std::string number(double value) {
  return std::isfinite(value) ? fmt::format("{}", value) : "null";
}

// A JSON object as it grows.
class JsonObjectText {
 public:
  JsonObjectText& raw(std::string_view name, std::string_view json) {
    fmt::format_to(std::back_inserter(text_), "{}\"{}\":{}", text_.empty() ? "{" : ",", name, json);
    return *this;
  }
  // `value` is one of our own words: nothing in it needs escaping.
  JsonObjectText& word(std::string_view name, std::string_view value) {
    return raw(name, fmt::format("\"{}\"", value));
  }
  JsonObjectText& text(std::string_view name, std::string_view value) {
    return raw(name, quoted(value));
  }
  [[nodiscard]] std::string take() { return std::move(text_) + "}"; }

 private:
  std::string text_;
};

std::string to_json(const Reading& reading) {
  JsonObjectText object;
  object.text("n", reading.quantity);
  if (!reading.unit.empty()) object.text("u", reading.unit);
  if (const auto* flag = std::get_if<bool>(&reading.value)) {
    object.raw("vb", *flag ? "true" : "false");
  } else if (const auto* value = std::get_if<double>(&reading.value)) {
    object.raw("v", number(*value));
  } else if (const auto* text = std::get_if<std::string>(&reading.value)) {
    object.text("vs", *text);
  } else {
    object.raw("v", "null");
  }
  return object.take();
}

template <class List, class ToJson>
std::string array(const List& list, const ToJson& to_text) {
  std::string text;
  for (const auto& element : list) {
    text += text.empty() ? '[' : ',';
    text += to_text(element);
  }
  return text.empty() ? "[]" : text + "]";
}

void add_state(JsonObjectText& event, const Observation& observation) {
  if (!observation.declares_alarm()) {
    event.word("state", to_string(observation.state));
    return;
  }
  const AlarmGrade grade = grade_of(observation.kind, observation.state);
  event.word("state", "raised")
      .word("condition", to_string(observation.state))
      .word("urgency", grade.urgency)
      .word("severity", grade.severity)
      .word("certainty", grade.certainty);
}

}  // namespace

std::string annotate(const Observation& observation, std::string_view topic,
                     std::string_view decoder, Part part) {
  JsonObjectText event;
  event.word("kind", to_string(observation.kind));
  add_state(event, observation);
  event.word("timesource", to_string(observation.time_source));
  if (observation.quality != Quality::ok) event.word("quality", to_string(observation.quality));
  if (observation.history) event.raw("history", "true");
  event.raw("readings", array(observation.readings, to_json));
  if (!observation.flags.empty()) event.raw("flags", array(observation.flags, quoted));
  if (part.of > 1) {
    event.raw("part", std::to_string(part.number)).raw("parts", std::to_string(part.of));
  }
  return event.text("decoder", decoder).text("topic", topic).take();
}

std::string annotate_kept(std::string_view topic, std::string_view outcome,
                          std::string_view decoder, std::string_view why) {
  JsonObjectText event;
  event.word("outcome", outcome);
  if (!decoder.empty()) event.text("decoder", decoder);
  if (!why.empty()) event.text("why", why);
  return event.text("topic", topic).take();
}

}  // namespace watchpost::pipeline

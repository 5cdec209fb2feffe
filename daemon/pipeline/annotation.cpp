#include "pipeline/annotation.hpp"

#include <fmt/compile.h>

#include <cmath>
#include <iterator>

#include "base/encoding.hpp"
#include "base/json_text.hpp"

namespace watchpost::pipeline {
namespace {

// Most annotations are shorter than this, so their text need not grow while it is written.
constexpr std::size_t kUsualSize = 128;
constexpr std::size_t kUsualReading = 64;

// `before` is the text between the value before and this one: a comma and the quoted name, as a
// rule. `word` is one of our own: nothing in it needs escaping.
// NOLINTNEXTLINE(bugprone-easily-swappable-parameters): in the order of the JSON
void append_word(std::string& out, std::string_view before, std::string_view word) {
  out += before;
  out += word;
  out.push_back('"');
}

// Devices may name themselves in any bytes; JSON text is UTF-8 (RFC 8259 section 8.1).
void append_text(std::string& out, std::string_view value) {
  if (is_utf8(value)) {
    append_json_string(out, value);
  } else {
    append_json_string(out, to_hex(value));
  }
}
// NOLINTNEXTLINE(bugprone-easily-swappable-parameters): in the order of the JSON
void append_text(std::string& out, std::string_view before, std::string_view value) {
  out += before;
  append_text(out, value);
}

// 3.312, not 3.3120000000000003: what was scaled from a whole number has 15 digits that mean
// something, and a double holds any 15. The shortest form of most values has no more, and is
// quicker to find.
void append_measured(std::string& out, double value) {
  constexpr double kWholeBelow = 1e15;
  if (!std::isfinite(value) || (std::trunc(value) == value && std::abs(value) < kWholeBelow)) {
    return append_json_number(out, value);
  }
  constexpr std::size_t kShortest = 15;  // with the point, so of 14 digits at most
  const std::size_t begin = out.size();
  append_json_number(out, value);
  if (out.size() - begin <= kShortest) return;
  out.resize(begin);
  fmt::format_to(std::back_inserter(out), FMT_COMPILE("{:.15g}"), value);
}

void append(std::string& out, const Reading& reading) {
  append_text(out, R"({"n":)", reading.quantity);
  if (!reading.unit.empty()) append_text(out, R"(,"u":)", reading.unit);
  if (const auto* flag = std::get_if<bool>(&reading.value)) {
    out += *flag ? R"(,"vb":true)" : R"(,"vb":false)";
  } else if (const auto* value = std::get_if<double>(&reading.value)) {
    out += R"(,"v":)";
    append_measured(out, *value);
  } else if (const auto* text = std::get_if<std::string>(&reading.value)) {
    append_text(out, R"(,"vs":)", *text);
  } else {
    out += R"(,"v":null)";
  }
  out.push_back('}');
}

template <class List, class AppendOne>
void append_array(std::string& out, const List& list, const AppendOne& append_one) {
  out.push_back('[');
  for (const auto& element : list) {
    if (&element != &list.front()) out.push_back(',');
    append_one(out, element);
  }
  out.push_back(']');
}

void append_state(std::string& out, const Judged& judged) {
  const std::string_view declared = to_string(judged.observation.state);
  const auto& alarm = judged.verdict.alarm;
  if (!alarm) return append_word(out, R"(,"state":")", declared);
  append_word(out, R"(,"state":"raised","condition":")", declared);
  append_word(out, R"(,"urgency":")", to_string(alarm->urgency));
  append_word(out, R"(,"severity":")", to_string(alarm->severity));
  append_word(out, R"(,"certainty":")", to_string(alarm->certainty));
}

}  // namespace

std::string annotate(const Judged& judged, std::string_view decoder, Part part) {
  const Observation& observation = judged.observation;
  std::string out;
  out.reserve(kUsualSize + kUsualReading * observation.readings.size());
  append_word(out, R"({"kind":")", to_string(observation.kind));
  if (!observation.name.empty()) append_text(out, R"(,"name":)", observation.name);
  append_state(out, judged);
  append_word(out, R"(,"timesource":")", to_string(observation.time_source));
  if (observation.quality != Quality::ok) {
    append_word(out, R"(,"quality":")", to_string(observation.quality));
  }
  if (judged.verdict.of_the_past) out += R"(,"history":true)";
  if (judged.verdict.is_test) out += R"(,"status":"Test")";
  if (judged.verdict.is_exercise) out += R"(,"status":"Exercise")";
  if (judged.verdict.is_repeat) out += R"(,"repeat":true)";
  if (judged.verdict.is_beyond) out += R"(,"beyond":true)";
  if (judged.verdict.is_new_device) out += R"(,"new_device":true)";
  out += R"(,"readings":)";
  append_array(out, observation.readings,
               [](std::string& text, const Reading& reading) { append(text, reading); });
  if (!observation.flags.empty()) {
    out += R"(,"flags":)";
    append_array(out, observation.flags,
                 [](std::string& text, const std::string& flag) { append_text(text, flag); });
  }
  if (part.of > 1) {
    fmt::format_to(std::back_inserter(out), FMT_COMPILE(R"(,"part":{},"parts":{})"), part.number,
                   part.of);
  }
  append_text(out, R"(,"decoder":)", decoder);
  out.push_back('}');
  return out;
}

std::string annotate_kept(const Kept& kept) {
  std::string out;
  append_word(out, R"({"outcome":")", kept.outcome);
  if (!kept.name.empty()) append_text(out, R"(,"name":)", kept.name);
  if (!kept.decoder.empty()) append_text(out, R"(,"decoder":)", kept.decoder);
  if (!kept.why.empty()) append_text(out, R"(,"why":)", kept.why);
  out.push_back('}');
  return out;
}

}  // namespace watchpost::pipeline

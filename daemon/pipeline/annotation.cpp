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

// A JSON object as it grows at the end of a text.
class JsonObjectText {
 public:
  explicit JsonObjectText(std::string& out) : out_(out) { out_.push_back('{'); }

  // For a value that is appended next. `name` is quoted, with its colon.
  JsonObjectText& name(std::string_view name) {
    if (out_.back() != '{') out_.push_back(',');
    out_ += name;
    return *this;
  }
  // NOLINTNEXTLINE(bugprone-easily-swappable-parameters): name, then value, as in the JSON
  JsonObjectText& raw(std::string_view name, std::string_view json) {
    this->name(name);
    out_ += json;
    return *this;
  }
  // `value` is one of our own words: nothing in it needs escaping.
  // NOLINTNEXTLINE(bugprone-easily-swappable-parameters): name, then value, as in the JSON
  JsonObjectText& word(std::string_view name, std::string_view value) {
    this->name(name);
    out_.push_back('"');
    out_ += value;
    out_.push_back('"');
    return *this;
  }
  // Devices may name themselves in any bytes; JSON text is UTF-8 (RFC 8259 section 8.1).
  // NOLINTNEXTLINE(bugprone-easily-swappable-parameters): name, then value, as in the JSON
  JsonObjectText& text(std::string_view name, std::string_view value) {
    this->name(name);
    append_text(out_, value);
    return *this;
  }
  static void append_text(std::string& out, std::string_view value) {
    if (is_utf8(value)) {
      append_json_string(out, value);
    } else {
      append_json_string(out, to_hex(value));
    }
  }
  void close() { out_.push_back('}'); }

 private:
  std::string& out_;
};

// 3.312, not 3.3120000000000003: what was scaled from a whole number has 15 digits that mean
// something, and a double holds any 15.
void append_measured(std::string& out, double value) {
  constexpr double kWholeBelow = 1e15;
  if (!std::isfinite(value) || (std::trunc(value) == value && std::abs(value) < kWholeBelow)) {
    return append_json_number(out, value);
  }
  fmt::format_to(std::back_inserter(out), FMT_COMPILE("{:.15g}"), value);
}

void append(std::string& out, const Reading& reading) {
  JsonObjectText object(out);
  object.text(R"("n":)", reading.quantity);
  if (!reading.unit.empty()) object.text(R"("u":)", reading.unit);
  if (const auto* flag = std::get_if<bool>(&reading.value)) {
    object.raw(R"("vb":)", *flag ? "true" : "false");
  } else if (const auto* value = std::get_if<double>(&reading.value)) {
    object.name(R"("v":)");
    append_measured(out, *value);
  } else if (const auto* text = std::get_if<std::string>(&reading.value)) {
    object.text(R"("vs":)", *text);
  } else {
    object.raw(R"("v":)", "null");
  }
  object.close();
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

void add_state(JsonObjectText& event, const Judged& judged) {
  const std::string_view declared = to_string(judged.observation.state);
  if (!judged.verdict.alarm) {
    event.word(R"("state":)", declared);
    return;
  }
  event.word(R"("state":)", "raised")
      .word(R"("condition":)", declared)
      .word(R"("urgency":)", judged.verdict.alarm->urgency)
      .word(R"("severity":)", judged.verdict.alarm->severity)
      .word(R"("certainty":)", judged.verdict.alarm->certainty);
}

}  // namespace

std::string annotate(const Judged& judged, std::string_view decoder, Part part) {
  const Observation& observation = judged.observation;
  std::string out;
  out.reserve(kUsualSize + kUsualReading * observation.readings.size());
  JsonObjectText event(out);
  event.word(R"("kind":)", to_string(observation.kind));
  if (!observation.name.empty()) event.text(R"("name":)", observation.name);
  add_state(event, judged);
  event.word(R"("timesource":)", to_string(observation.time_source));
  if (observation.quality != Quality::ok)
    event.word(R"("quality":)", to_string(observation.quality));
  if (judged.verdict.late) event.raw(R"("history":)", "true");
  event.name(R"("readings":)");
  append_array(out, observation.readings,
               [](std::string& text, const Reading& reading) { append(text, reading); });
  if (!observation.flags.empty()) {
    event.name(R"("flags":)");
    append_array(out, observation.flags, JsonObjectText::append_text);
  }
  if (part.of > 1) {
    event.raw(R"("part":)", std::to_string(part.number))
        .raw(R"("parts":)", std::to_string(part.of));
  }
  event.text(R"("decoder":)", decoder).close();
  return out;
}

std::string annotate_kept(const Kept& kept) {
  std::string out;
  JsonObjectText event(out);
  event.word(R"("outcome":)", kept.outcome);
  if (!kept.name.empty()) event.text(R"("name":)", kept.name);
  if (!kept.decoder.empty()) event.text(R"("decoder":)", kept.decoder);
  if (!kept.why.empty()) event.text(R"("why":)", kept.why);
  event.close();
  return out;
}

}  // namespace watchpost::pipeline

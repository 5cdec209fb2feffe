#include "danger/limits.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "danger/levels.hpp"
#include "danger/lexicon.hpp"
#include "danger/names.hpp"
#include "danger/phrase.hpp"
#include "danger/water_lines.hpp"
#include "danger/words_things.hpp"

namespace watchpost::danger {
namespace {

namespace json = sdk::json;

// Names of limits, and what may stand beside these words.
constexpr std::array<std::string_view, 8> kLimits{"limit", "threshold", "warning", "warn",
                                                  "alarm", "alert",     "guard",   "danger"};
constexpr std::array<std::string_view, 14> kBesideLimit{
    "level", "status", "state", "value", "water",  "liquid", "stage",
    "flag",  "high",   "upper", "is",    "result", "river",  "pressure"};
// What may be low, and be a danger then.
constexpr std::array<std::string_view, 8> kOfLow{"pressure", "level", "water",   "liquid",
                                                 "limit",    "value", "hydrant", "too"};
// What is a level where it is high or low.
constexpr std::array<std::string_view, 9> kOfLevel{"level", "water", "liquid", "tank", "reservoir",
                                                   "river", "sump",  "well",   "pond"};
constexpr std::array<std::string_view, 5> kNoDangerBelow{"battery", "temperature", "temp", "signal",
                                                         "humidity"};
constexpr std::array<std::string_view, 4> kWater{"water", "liquid", "river", "reservoir"};
// Names of rules, of sounds, and of what was or may be.
constexpr std::array<std::string_view, 33> kNoTale{
    "rule",     "trigger",  "triggers", "when",    "automation",   "favorite",   "favourite",
    "tone",     "tts",      "say",      "command", "target",       "capability", "feature",
    "features", "function", "image",    "url",     "file",         "path",       "subscribe",
    "previous", "prev",     "old",      "past",    "example",      "help",       "question",
    "answer",   "next",     "planned",  "option",  "function_list"};

bool is_over(std::string_view word) {
  return is_one_of(word, level_words(LevelPart::over));
}

bool is_on(const json::value& value) {
  if (value.is_bool()) return value.get_bool();
  if (const auto number = sdk::number_of(value)) return *number == 1;
  return value.is_string() &&
         meaning_of_text({.name = "state", .text = value.get_string()}).saying == Saying::on;
}

// "over_warning", "above_alarm_level", "limit_exceeded": a yes says that it is passed.
bool asks_for_passing(const Phrase& name) {
  const auto words = name.words();
  const auto is_beside = [](std::string_view word) { return is_one_of(word, kBesideLimit); };
  return std::any_of(words.begin(), words.end(), is_over) && name.has_one_of(kLimits) &&
         std::all_of(words.begin(), words.end(), [&](std::string_view word) {
           return is_over(word) || is_one_of(word, kLimits) || is_beside(word);
         });
}

// "warning_level", "threshold_status"
bool names_limit(const Phrase& name) {
  constexpr std::array<std::string_view, 4> kAlone{"alarm", "warning", "alert", "warn"};
  const auto words = name.words();
  return name.has_one_of(kLimits) && (words.size() > 1 || is_one_of(words.front(), kAlone)) &&
         std::all_of(words.begin(), words.end(), [](std::string_view word) {
           return is_one_of(word, kLimits) || is_one_of(word, kBesideLimit);
         });
}

// "low alarm", "pressure too low": below a limit.
bool says_below(const Phrase& text) {
  const auto words = text.words();
  const bool is_low = text.has("low");
  const bool alarms = std::any_of(words.begin(), words.end(), [](std::string_view word) {
    return value_part(word) == ValuePart::alarm || word == "too";
  });
  return is_low && alarms && std::all_of(words.begin(), words.end(), [](std::string_view word) {
           return word == "low" || is_one_of(word, kOfLow) ||
                  value_part(word) == ValuePart::alarm || value_part(word) == ValuePart::silent;
         });
}

// A name of nothing but a limit and what is measured: "level_low_alarm", "pressure_alarm".
struct NamedLimit {
  bool alarms = false;
  bool low = false;
  bool high = false;
  bool is_level = false;
  bool is_pressure = false;
};

std::optional<NamedLimit> named_limit(const Phrase& name) {
  NamedLimit limit;
  for (const std::string_view word : name.words()) {
    if (word == "pressure") {
      limit.is_pressure = true;
    } else if (is_one_of(word, kOfLevel)) {
      limit.is_level = true;
    } else if (word == "low" || word == "lower") {
      limit.low = true;
    } else if (word == "high" || word == "upper" || word == "hi" || word == "hihi" ||
               word == "hh") {
      limit.high = true;
    } else if (word == "alarm" || word == "alert" || word == "warning") {
      limit.alarms = true;
    } else if (word != "hydrant" && word != "too") {
      return std::nullopt;
    }
  }
  return limit;
}

Saying said_by_name(const Phrase& name, const json::value& value) {
  const auto limit = named_limit(name);
  if (!limit) return Saying::nothing;
  const auto* text = value.if_string();
  if (!is_on(value) && (text == nullptr || !Phrase(*text).is("alarm"))) return Saying::nothing;
  if (limit->alarms && limit->high && limit->is_level && !limit->low) return Saying::alarm;
  if (limit->alarms && (limit->low || limit->high || limit->is_pressure)) return Saying::unread;
  // A 1 may be how low it is.
  const bool is_low_pressure = limit->is_pressure && limit->low && !sdk::number_of(value);
  return is_low_pressure ? Saying::unread : Saying::nothing;
}

}  // namespace

bool is_low_of_something(std::string_view text) {
  const Phrase phrase(text);
  const auto words = phrase.words();
  return phrase.has("low") && words.size() > 1 &&
         std::all_of(words.begin(), words.end(), [](std::string_view word) {
           return word == "low" || is_one_of(word, kOfLow);
         });
}

Saying over_said(std::string_view text) {
  const Phrase phrase(text);
  const auto words = phrase.words();
  std::size_t high = 0;
  bool is_passed = false;
  for (const auto word : words) {
    if (is_over(word)) {
      is_passed = true;
    } else if (is_one_of(word, level_words(LevelPart::high))) {
      ++high;
    } else if (is_one_of(word, level_words(LevelPart::too))) {
      is_passed = true;
    } else if (!is_one_of(word, level_words(LevelPart::beside)) && !is_one_of(word, kLimits)) {
      return Saying::nothing;
    }
  }
  if (is_passed || high > 1) return Saying::alarm;
  return high == 1 ? Saying::unread : Saying::nothing;
}

Saying limit_said(std::string_view name, const json::value& value) {
  const Phrase of_name(name);
  if (of_name.has_one_of(kNoDangerBelow)) return Saying::nothing;
  if (asks_for_passing(of_name)) return is_on(value) ? Saying::alarm : Saying::nothing;
  const auto by_name = said_by_name(of_name, value);
  if (by_name != Saying::nothing) return by_name;
  const auto* text = value.if_string();
  if (text == nullptr) return Saying::nothing;
  const Phrase phrase(*text);
  if (says_below(phrase) && may_tell(name)) return Saying::unread;
  if (is_low_of_something(*text) && names_limit(of_name)) return Saying::unread;
  const bool is_above = phrase.is("high alarm") || phrase.is("high high alarm");
  if (is_above && may_tell(name)) return Saying::alarm;
  if (passes_water_line(*text) && may_tell(name)) return Saying::alarm;
  const bool exceeds = over_said(*text) == Saying::alarm && !phrase.has_one_of(kNoDangerBelow);
  return exceeds && names_limit(of_name) ? Saying::alarm : Saying::nothing;
}

Danger limited(std::string_view name, const json::value& value, const json::object& beside) {
  const auto* text = value.if_string();
  const bool is_said = text != nullptr && (passes_water_line(*text) || speaks_of_level(*text));
  const bool is_level = speaks_of_level(name) || is_said ||
                        std::any_of(beside.begin(), beside.end(), [](const auto& member) {
                          const Phrase phrase(member.key());
                          return phrase.has("level") && phrase.has_one_of(kWater);
                        });
  return is_level ? Danger::level : Danger::none;
}

bool tells_an_event(std::string_view text) {
  const Phrase phrase(text);
  const auto words = phrase.words();
  if (words.empty()) return false;
  const bool alarms = std::any_of(words.begin(), words.end(), [](std::string_view word) {
    return value_part(word) == ValuePart::alarm;
  });
  const bool is_foreign = std::any_of(text.begin(), text.end(),
                                      [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
  if (phrase.is("water present") || phrase.is("liquid present")) return true;
  return alarms && (is_foreign || words.back() != "alarm");
}

bool may_tell(std::string_view name) {
  const Phrase phrase(name);
  const auto words = phrase.words();
  return !words.empty() && std::none_of(words.begin(), words.end(), [](std::string_view word) {
    const bool is_brand = word == "protect";  // "LeaksProtect"
    const bool is_measured = word == "temperature" || word == "pressure";
    const bool is_other = name_part(word) == NamePart::other && !is_brand && !is_measured;
    return is_other || is_one_of(word, kNoTale) || is_one_of(word, title_words()) ||
           is_one_of(word, description_words());
  });
}

}  // namespace watchpost::danger

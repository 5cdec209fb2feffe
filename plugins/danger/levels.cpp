#include "danger/levels.hpp"

#include <algorithm>

#include "danger/lexicon.hpp"
#include "danger/phrase.hpp"
#include "danger/words_things.hpp"

namespace watchpost::danger {
namespace {

using Words = std::span<const std::string_view>;

bool has_thing(const Phrase& phrase, Words things) {
  const auto all = phrase.words();
  return std::any_of(all.begin(), all.end(), [&](std::string_view word) {
    return is_one_of(word, things) || is_one_of(without_number(word), things);
  });
}

struct NamedLevel {
  bool level = false;   // by the word "level", or by a thing that holds water
  bool state = false;   // it asks how the level is
  bool own = false;     // it is the level of such a thing
  bool drains = false;  // it must never be full
  bool floats = false;  // a float swims up with the water: "high" may be what its contact says
};

NamedLevel level_named(std::string_view name) {
  const Phrase phrase(name);
  const auto words = phrase.words();
  const bool floats = phrase.has("float");
  const bool is_other = std::any_of(words.begin(), words.end(), [&](std::string_view word) {
    if (floats && word == "switch") return false;
    return is_one_of(word, level_words(LevelPart::elsewhere)) || name_part(word) == NamePart::other;
  });
  // "alarm_level" is how bad it is.
  const bool is_grade = !words.empty() && is_one_of(words.front(), level_words(LevelPart::grade));
  const auto wanted = harmless_names();
  const bool is_wanted =
      std::any_of(wanted.begin(), wanted.end(), [&](auto whole) { return phrase.is(whole); });
  if (is_other || is_grade || is_wanted) return {};
  NamedLevel out;
  out.drains = has_thing(phrase, level_words(LevelPart::drain));
  const bool is_level = phrase.has("level");
  const bool holds = out.drains || has_thing(phrase, level_words(LevelPart::vessel));
  out.floats = floats;
  out.level = is_level || holds || floats;
  out.own = is_level && holds;
  const bool asks = has_thing(phrase, level_words(LevelPart::question));
  out.state = (is_level || holds) && asks;
  return out;
}

}  // namespace

bool may_be_over(std::string_view text) {
  const Phrase phrase(text);
  const auto words = phrase.words();
  return std::any_of(words.begin(), words.end(), [](std::string_view word) {
    return is_one_of(word, level_words(LevelPart::over)) ||
           is_one_of(word, level_words(LevelPart::high)) || value_part(word) == ValuePart::alarm;
  });
}

Saying level_said(const NamedText& value) {
  const Phrase phrase(value.text);
  const auto words = phrase.words();
  bool over = false;
  bool alarms = false;
  bool is_water = false;
  std::size_t high = 0;
  bool raises_high = false;  // "too high"
  for (const auto word : words) {
    const auto part = value_part(word);
    is_water |= is_one_of(word, level_words(LevelPart::vessel));
    if (is_one_of(word, level_words(LevelPart::over))) {
      over = true;
    } else if (is_one_of(word, level_words(LevelPart::high))) {
      ++high;
    } else if (is_one_of(word, level_words(LevelPart::too))) {
      raises_high = true;
    } else if (part == ValuePart::alarm) {
      alarms = true;
    } else if (part != ValuePart::silent && part != ValuePart::on && part != ValuePart::warning &&
               !is_one_of(word, level_words(LevelPart::beside)) &&
               !is_one_of(word, level_words(LevelPart::vessel)) &&
               !is_one_of(word, level_words(LevelPart::drain))) {
      return Saying::nothing;
    }
  }
  const bool plain = !over && !alarms && high == 0;
  if (plain) return Saying::nothing;
  const NamedLevel about = level_named(value.name);
  if (!about.level) return Saying::nothing;
  if (over) return Saying::alarm;
  if (about.floats && !about.drains && high < 2) {
    return alarms || is_water || raises_high ? Saying::alarm : Saying::unread;
  }
  const bool asks = about.state || about.drains;
  if (high > 1 || (high == 1 && raises_high)) return Saying::alarm;
  if (high == 1 && (alarms || about.drains)) return asks ? Saying::alarm : Saying::nothing;
  if (high == 1) return about.state ? Saying::unread : Saying::nothing;
  return about.state || about.own ? Saying::alarm : Saying::nothing;
}

bool speaks_of_level(std::string_view name) {
  return level_named(name).level;
}

}  // namespace watchpost::danger

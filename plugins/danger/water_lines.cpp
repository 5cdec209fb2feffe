#include "danger/water_lines.hpp"

#include <algorithm>
#include <array>

#include "danger/lexicon.hpp"
#include "danger/limits.hpp"
#include "danger/phrase.hpp"
#include "danger/words_things.hpp"

namespace watchpost::danger {
namespace {

constexpr std::array<std::string_view, 6> kWaters{"rain",   "rainfall", "precipitation",
                                                  "stream", "flood",    "waterlevel"};
constexpr std::array<std::string_view, 16> kWarned{
    "stage",  "critical", "warning",   "warn", "alert", "alarm",   "danger", "limit",
    "limits", "guard",    "threshold", "mark", "line",  "maximum", "flood",  "upper"};
// What would be, was, or is on the other side.
constexpr std::array<std::string_view, 17> kNotSo{
    "below", "under",    "beneath",  "lower",  "unless", "if",       "when", "may",      "could",
    "will",  "forecast", "expected", "before", "notify", "whenever", "was",  "predicted"};
constexpr std::size_t kMostUnknown = 3;  // what the river is called

bool is_in_part(std::string_view word, LevelPart part) {
  return is_one_of(word, level_words(part));
}

bool says_it_is_well(std::string_view word) {
  const auto part = value_part(word);
  return part == ValuePart::calm || part == ValuePart::muted || part == ValuePart::test ||
         part == ValuePart::nothing;
}

}  // namespace

bool passes_water_line(std::string_view sentence) {
  const Phrase phrase(sentence);
  bool is_water = false;
  bool is_over = false;
  bool is_line = false;
  bool is_too = false;
  bool is_high = false;
  std::size_t unknown = 0;
  for (const auto word : phrase.words()) {
    if (is_one_of(word, kNotSo) || says_it_is_well(word)) return false;
    if (is_in_part(word, LevelPart::over)) {
      is_over = true;
    } else if (is_in_part(word, LevelPart::too)) {
      is_too = true;
    } else if (is_in_part(word, LevelPart::high)) {
      is_high = true;
    } else if (is_one_of(word, kWaters) || is_in_part(word, LevelPart::vessel) ||
               is_in_part(word, LevelPart::drain)) {
      is_water = true;
    } else if (is_one_of(word, kWarned)) {
      is_line = true;
    } else if (is_in_part(word, LevelPart::elsewhere) || name_part(word) == NamePart::other) {
      return false;
    } else if (!name_part(word) && value_part(word) == ValuePart::unread) {
      ++unknown;
    }
  }
  const bool passes = (is_over && is_line) || (is_too && is_high);
  return is_water && passes && unknown <= kMostUnknown;
}

bool passes_some_line(std::string_view sentence) {
  return Phrase(sentence).has_one_of(kWarned) && over_said(sentence) == Saying::alarm;
}

}  // namespace watchpost::danger

#include "danger/plain_words.hpp"

#include <algorithm>
#include <cstddef>

#include "danger/fire_parts.hpp"
#include "danger/lexicon.hpp"
#include "danger/names.hpp"
#include "danger/phrase.hpp"
#include "danger/sentences.hpp"
#include "danger/words_things.hpp"

namespace watchpost::danger {

std::string_view suspected_part(Danger part) {
  return part == Danger::manual_call ? "suspected manual call alarm" : "suspected fire alarm";
}

std::string plain_words(std::string_view text) {
  // "Fire alarm prices rise"
  if (mentions(text, news_words())) return std::string(text);
  text = without_advice(text);
  if (auto call = call_in_front(text); !call.empty()) return call;
  if (const auto part = started_part_in(text)) return std::string(suspected_part(*part));
  const Phrase phrase(text);
  const auto words = phrase.words();
  std::string plain;
  bool alarms = cries_for_help(text);
  bool helps = false;  // "panic button pressed": of a button a press is the alarm
  bool is_on = false;
  bool is_of_place = true;  // "kitchen gas leak", and no "kitchen gas sensor"
  for (std::size_t i = 0; i < words.size(); ++i) {
    // "燃气报警器": a thing.
    if (words[i] == "alarm" && i + 1 < words.size() && words[i + 1] == "detector") {
      is_of_place = false;
      ++i;
      continue;
    }
    const auto found = subject_at(words, i);
    is_of_place &= found.name != nullptr || name_part(words[i]) == NamePart::place;
    const auto part = found.name == nullptr ? value_part(words[i]) : ValuePart::unread;
    alarms |= part == ValuePart::alarm;
    is_on |= part == ValuePart::on;
    helps |= found.name != nullptr &&
             (found.name->danger == Danger::sos || found.name->danger == Danger::manual_call);
    // "LeakProtect" is what a maker calls its detector.
    const bool is_brand = words[i] == "protect";
    const bool speaks_of_other = found.name == nullptr && name_part(words[i]) == NamePart::other &&
                                 part == ValuePart::unread && !is_brand;
    if (speaks_of_other) return std::string(text);
    if (found.name == nullptr && part == ValuePart::unread) continue;
    for (std::size_t n = std::max<std::size_t>(found.words, 1); n > 0; --n, ++i) {
      plain.append(plain.empty() ? "" : " ").append(words[i]);
    }
    --i;
  }
  return alarms || (helps && is_on) || is_of_place ? plain : std::string(text);
}

}  // namespace watchpost::danger

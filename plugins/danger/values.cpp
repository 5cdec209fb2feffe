#include "danger/values.hpp"

#include <algorithm>

#include "danger/known_words.hpp"
#include "danger/lexicon.hpp"
#include "danger/phrase.hpp"

namespace watchpost::danger {
namespace {

using Words = std::span<const std::string_view>;

// "smokealarm" is "smoke alarm".
bool says_something(std::string_view word) {
  constexpr std::size_t kShortestStem = 3;  // "no2" is no "no"
  const auto stem = without_number(word);
  if (stem != word && stem.size() < kShortestStem) return true;
  return value_part(word) != ValuePart::unread || subject_at(Words(&word, 1), 0).name != nullptr;
}

// What stands in one saying: "water_leakage_yes", "Alarm Active", "no_alarm".
struct Heard {
  std::optional<Danger> danger;
  bool weak = false;
  bool twofold = false;
  std::array<bool, static_cast<std::size_t>(ValuePart::unread) + 1> parts{};

  [[nodiscard]] bool has(ValuePart part) const { return parts[static_cast<std::size_t>(part)]; }
  void add(ValuePart part) { parts[static_cast<std::size_t>(part)] = true; }
};

Heard hear(Words written) {
  const KnownWords known(written, &says_something);
  const Words words = known.words();
  Heard heard;
  for (std::size_t i = 0; i < words.size();) {
    const FoundSubject found = subject_at(words, i);
    if (found.name == nullptr) {
      // "FireDetectionStart": it begins, and is not what something can do.
      const bool begins = words[i] == "detection" && i + 1 < words.size() &&
                          value_part(words[i + 1]) == ValuePart::on;
      heard.add(begins ? ValuePart::silent : value_part(words[i]));
      ++i;
      continue;
    }
    if (!heard.danger || heard.weak) {
      heard.danger = found.name->danger;
      heard.weak = found.name->weak && !found.name->limit;
      heard.twofold = found.name->twofold;
    }
    i += found.words;
  }
  // "water" alone may be a meter, a level is measured; "water detected" and "level alarm" leave no
  // doubt.
  if (heard.has(ValuePart::alarm) && !heard.twofold) heard.weak = false;
  return heard;
}

Saying saying_of(const Heard& heard) {
  using enum ValuePart;
  if (heard.has(calm)) return Saying::calm;
  if (heard.has(muted)) return Saying::muted;
  if (heard.has(test)) return Saying::test;
  if (heard.has(nothing)) return Saying::nothing;
  if (heard.has(unread)) return Saying::unread;
  if (heard.has(early)) return Saying::suspected;
  if (heard.has(alarm)) return Saying::alarm;
  if (heard.has(warning)) return Saying::suspected;
  if (heard.danger && !heard.weak) return Saying::alarm;
  if (heard.has(on) || heard.danger) return Saying::on;
  return Saying::nothing;
}

Saying saying_of_whole(ValuePart part) {
  if (part == ValuePart::alarm) return Saying::alarm;
  return part == ValuePart::on ? Saying::on : Saying::calm;
}

ValueMeaning meaning_of_part(const Phrase& name, std::string_view text) {
  const Phrase phrase(text);
  for (const WholeValue& whole : whole_values()) {
    if (!whole.name.empty() && !name.is(whole.name)) continue;
    if (!phrase.is(whole.words)) continue;
    if (whole.part == ValuePart::nothing) return {};
    const auto danger = whole.danger == Danger::none ? std::nullopt : std::optional(whole.danger);
    return {saying_of_whole(whole.part), danger};
  }
  const Heard heard = hear(phrase.words());
  return {saying_of(heard), heard.danger, heard.weak};
}

}  // namespace

ValueMeaning meaning_of_text(const NamedText& value) {
  const auto name = value.name;
  auto text = value.text;
  constexpr std::string_view kDividers = ",;&|+/";
  if (Phrase(text).is("n a")) return {};  // "n/a"
  const Phrase of_name(name);
  ValueMeaning worst;
  bool first = true;
  text = text.substr(0, Phrase::kLongest);
  while (!text.empty()) {
    const auto end = std::min(text.find_first_of(kDividers), text.size());
    const auto part = meaning_of_part(of_name, text.substr(0, end));
    if (first || part.saying > worst.saying) worst = part;
    first = false;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return worst;
}

}  // namespace watchpost::danger

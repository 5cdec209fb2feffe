#include "danger/names.hpp"

#include <algorithm>
#include <array>

#include "danger/gas_names.hpp"
#include "danger/known_words.hpp"
#include "danger/lexicon.hpp"
#include "danger/phrase.hpp"
#include "danger/presses.hpp"
#include "danger/words_things.hpp"

namespace watchpost::danger {
namespace {

using Words = std::span<const std::string_view>;

// "F1 leak", "DI3": the number of an input.
bool is_input(std::string_view word) {
  constexpr std::size_t kMostLetters = 2;
  const auto letters = without_number(word);
  return letters.size() <= kMostLetters && letters.size() < word.size();
}

// "fire_alarm_3f", "smoke_b1", "smoke_2nd_floor": where it is, or which of several.
bool is_place_with_number(std::string_view word) {
  constexpr std::array<std::string_view, 12> kLetters{"f", "b", "g", "l",  "r",  "z",
                                                      "d", "p", "k", "di", "in", "zn"};
  constexpr std::array<std::string_view, 5> kOrdinals{"f", "st", "nd", "rd", "th"};
  const auto letters = without_number(word);
  if (letters.size() < word.size()) return is_one_of(letters, kLetters);
  const auto end = word.find_first_not_of("0123456789");
  return end > 0 && end != word.npos && is_one_of(word.substr(end), kOrdinals);
}

// "LD2450 fall": what a board is sold as.
bool is_model(std::string_view word) {
  constexpr std::size_t kMostLetters = 4;
  constexpr std::size_t kFewestDigits = 3;
  const auto letters = without_number(word);
  return !letters.empty() && letters.size() <= kMostLetters &&
         letters.size() + kFewestDigits <= word.size() && !name_part(letters) &&
         subject_at(Words(&letters, 1), 0).name == nullptr;
}

bool is_known(std::string_view word) {
  if (without_number(word).size() == 1) return word.size() > 1;
  if (is_place_with_number(word)) return true;
  if (is_model(word)) return true;
  const auto part = name_part(word);
  if (part) return *part != NamePart::doubtful;
  return subject_at(Words(&word, 1), 0).name != nullptr;
}

bool all_in(Words words, Words allowed) {
  return !words.empty() && std::all_of(words.begin(), words.end(), [&](std::string_view word) {
    return is_one_of(word, allowed);
  });
}

bool says_alarm(std::string_view word) {
  return word.starts_with("alarm") || word == "alert";
}

NameMeaning without_subject(const Phrase& phrase, Words words) {
  for (const auto whole : alarm_names()) {
    if (phrase.is(whole)) return {Role::alarm};
  }
  for (const auto whole : statement_names()) {
    if (phrase.is(whole)) return {Role::statement};
  }
  // "b_alarmstatus": letters that put members in order.
  const bool is_ordered = words.size() > 1 && words.front().size() == 1;
  if (is_ordered) words = words.subspan(1);
  // A switch may have this name too, so it is weak.
  if (all_in(words, alarm_name_words()) && std::any_of(words.begin(), words.end(), says_alarm)) {
    return {Role::alarm, Danger::none, true};
  }
  return {all_in(words, statement_words()) ? Role::statement : Role::none};
}

struct Beside {
  bool measure = false;
  bool unfamiliar = false;
  bool doubtful = false;
  bool other = false;
  bool asks = false;
  bool asks_last = false;
  bool states = false;
  // `leads`: the subject comes behind it.
  void look(std::string_view word, bool leads) {
    if (is_place_with_number(word) || (leads && (is_input(word) || is_model(word)))) return;
    const auto part = name_part(word);
    asks_last = part == NamePart::question;
    if (!part && leads) {
      unfamiliar = true;
      return;
    }
    switch (part.value_or(NamePart::doubtful)) {
      case NamePart::harmless:
        states |= word == "state" || word == "status" || word == "condition";
        return;
      case NamePart::place:
        return;
      case NamePart::question:
        asks = states = true;
        return;
      case NamePart::measure:
        measure = true;
        return;
      case NamePart::doubtful:
        doubtful = true;
        return;
      case NamePart::other:
        other = true;
        return;
    }
  }
};

bool is_code_of(std::span<const CalmCode> codes, std::string_view name, double number) {
  const Phrase phrase(name);
  const Words words = phrase.words();
  return std::any_of(codes.begin(), codes.end(), [&](const CalmCode& code) {
    if (number != code.number) return false;
    for (std::size_t at = 0; at < words.size(); ++at) {
      const auto count = matches(words, at, code.name);
      if (count > 0 && at + count == words.size()) return true;
    }
    return false;
  });
}

}  // namespace

NameMeaning meaning_of_name(std::string_view name) {
  const Phrase phrase(name);
  const KnownWords known(phrase.words(), &is_known);
  const Words words = known.words();
  const SubjectName* subject = nullptr;
  Beside beside;
  for (std::size_t i = 0; i < words.size();) {
    const FoundSubject found = subject_at(words, i);
    if (found.name == nullptr) {
      beside.look(words[i++], subject == nullptr);
      continue;
    }
    // {"fall_detection":{"fall":true}}: what is said last is no setting.
    if (subject != nullptr && found.name->danger == subject->danger) beside.doubtful = false;
    // Of two subjects the one that leaves no doubt.
    if (subject == nullptr || (subject->weak && !found.name->weak)) subject = found.name;
    i += found.words;
  }
  if (subject == nullptr) return without_subject(phrase, words);
  for (const auto name_of_other : harmless_names()) {
    if (phrase.is(name_of_other)) return {};
  }
  NameMeaning meaning{Role::danger, subject->danger, subject->weak,
                      beside.asks,  subject->limit,  beside.states};
  if (beside.other) return {};
  // gas_alarm_level is measured; water_level_alarm asks yes or no.
  if (beside.measure && !beside.asks_last) {
    meaning.role = Role::measure;
  } else if (beside.doubtful) {
    meaning.role = subject->weak ? Role::none : Role::doubtful;
  } else if (beside.unfamiliar) {
    meaning.role = subject->weak ? Role::none : Role::unfamiliar;
  }
  return meaning;
}

bool is_name_of_value(std::string_view name) {
  const Phrase phrase(name);
  const Words words = phrase.words();
  if (words.empty() || !is_one_of(without_number(words.back()), value_names())) return false;
  return std::none_of(words.begin(), words.end(), [](std::string_view word) {
    return name_part(word) == NamePart::other || is_one_of(word, title_words()) ||
           is_one_of(word, description_words());
  });
}

bool is_calm_code(std::string_view name, double number) {
  return is_code_of(calm_codes(), name, number);
}

bool is_alarm_code(std::string_view name, double number) {
  return is_code_of(alarm_codes(), name, number);
}

bool answers_yes(const NameMeaning& meaning, std::string_view text) {
  if (meaning.danger == Danger::sos && says_press(text)) return true;
  if (is_step_of_alarm(meaning.danger, text)) return true;
  return !meaning.weak && Phrase(text).is_all_of(amounts());
}

bool is_code(const NameMeaning& meaning, double number) {
  constexpr double kMost = 99;  // what is larger is measured, whatever its name
  const bool is_danger = meaning.role == Role::danger || meaning.role == Role::unfamiliar;
  return is_danger && meaning.states && !meaning.weak && number >= 2 && number <= kMost &&
         number == static_cast<int>(number);
}

std::optional<Spoken> danger_in(std::string_view sentence) {
  const Phrase phrase(sentence);
  const Words words = phrase.words();
  std::optional<Spoken> weak;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const FoundSubject found = subject_at(words, i);
    if (found.name == nullptr) continue;
    if (!found.name->weak) return Spoken{found.name->danger, false};
    if (!weak) weak = Spoken{found.name->danger, true};
    i += found.words - 1;
  }
  return weak;
}

bool mentions(std::string_view sentence, Words words) {
  const Phrase phrase(sentence);
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
    for (auto each : phrase.words()) {
      if (each == word) return true;
      if (each.ends_with('s') && each.substr(0, each.size() - 1) == word) return true;
    }
    return false;
  });
}

}  // namespace watchpost::danger

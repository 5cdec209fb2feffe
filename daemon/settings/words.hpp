// Words: one text for the operator, in English and in Chinese.
// Promise: both languages are made at the same place from the same values, so that no language is
// forgotten or says less. Used by the configuration at start-up, and by the pages of the commands.
#pragma once

#include <fmt/format.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>

#include "model/language.hpp"

namespace watchpost::settings {

struct Words {
  std::string english{};
  std::string chinese{};

  [[nodiscard]] const std::string& in(Language language) const {
    return language == Language::chinese ? chinese : english;
  }
  [[nodiscard]] bool empty() const { return english.empty(); }
  friend bool operator==(const Words&, const Words&) = default;
};

template <class Value>
inline constexpr bool kIsWords = std::is_same_v<std::remove_cvref_t<Value>, Words>;

// What the format string gets of a value; of a Words value, the text in its language.
template <class Value>
using Shown = std::conditional_t<kIsWords<Value>, std::string, std::remove_cvref_t<Value>>;

template <class Value>
const Shown<Value>& in(Language language, const Value& value) {
  if constexpr (kIsWords<Value>) {
    return value.in(language);
  } else {
    return value;
  }
}

constexpr bool has_han(std::string_view text) {
  // U+3000 to U+9FFF and U+FF00 to U+FFFF, by the first of their three bytes in UTF-8.
  for (const char byte : text) {
    const auto first = static_cast<unsigned char>(byte);
    if ((first >= 0xE3 && first <= 0xE9) || first == 0xEF) return true;
  }
  return false;
}

// A format string whose language is checked too: two that are swapped do not compile.
template <Language language, class... Values>
struct WordsFormat {
  fmt::format_string<const Shown<Values>&...> format;
  template <std::size_t size>
  consteval WordsFormat(const char (&text)[size])  // NOLINT: a literal is a format, as in fmt
      : format(text) {
    const std::string_view words(text, size - 1);
    if (language == Language::english && has_han(words)) throw "Chinese in the English text";
  }
};

// Example: say("{} is not a size", "{} 不是容量", found). A value that is Words is put in by
// language.
template <class... Values>
[[nodiscard]] Words say(WordsFormat<Language::english, std::type_identity_t<Values>...> english,
                        WordsFormat<Language::chinese, std::type_identity_t<Values>...> chinese,
                        const Values&... values) {
  return {fmt::format(english.format, in(Language::english, values)...),
          fmt::format(chinese.format, in(Language::chinese, values)...)};
}

}  // namespace watchpost::settings

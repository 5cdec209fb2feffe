// Words: one text for the operator, in English and in Chinese.
// Promise: both languages are made at the same place from the same values, so that no language is
// forgotten or says less. Used by the configuration at start-up, and by the pages of the commands.
#pragma once

#include <fmt/format.h>

#include <string>
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

template <class... Values>
using WordsFormat = fmt::format_string<const Shown<std::type_identity_t<Values>>&...>;

// Example: say("{} is not a size", "{} 不是容量", found). A value that is Words is put in by
// language.
template <class... Values>
[[nodiscard]] Words say(WordsFormat<Values...> english, WordsFormat<Values...> chinese,
                        const Values&... values) {
  return {fmt::format(english, in(Language::english, values)...),
          fmt::format(chinese, in(Language::chinese, values)...)};
}

}  // namespace watchpost::settings

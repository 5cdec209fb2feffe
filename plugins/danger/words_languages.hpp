// words_languages: names and values of dangers in other languages, as the words of words.cpp that
// mean the same.
// Promise: the part of the table of words.hpp that words_germanic.cpp, words_romance.cpp and
// words_eastern.cpp hold; constant; any thread.
// Every word is written as folded() leaves it (fold.hpp): small letters, Latin ones without marks.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace watchpost::danger {

struct ForeignWord {
  std::string_view foreign;  // one word or several, divided by blanks
  std::string_view words;
  // Means that only where nothing stands beside it: "ein" is on, and "an" otherwise.
  bool alone = false;
};
[[nodiscard]] std::span<const ForeignWord> germanic_words();
[[nodiscard]] std::span<const ForeignWord> romance_words();
[[nodiscard]] std::span<const ForeignWord> eastern_words();

// Languages that join words: what a compound may begin with ("rauch"), and end with ("melder").
// One half at least is foreign.
[[nodiscard]] std::span<const ForeignWord> compound_heads();
[[nodiscard]] std::span<const ForeignWord> compound_tails();

// "de", "van": between two foreign words they say nothing.
[[nodiscard]] std::span<const std::string_view> joining_words();

}  // namespace watchpost::danger

// Phrase: the words of a name or of a value, however a maker writes them together.
// Promise: "waterLeak_1", "water-leak", "Water Leak 1" and "WATER_LEAK" are the words "water leak":
// lower case, without numbers that stand alone. A Chinese word of words.hpp becomes the words that
// mean the same, and so does a foreign one (languages.hpp), written with or without its marks;
// other bytes beyond ASCII belong to a word. Bounded: of a text that is longer than kLongest bytes
// only those are read. Pure; any thread.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace watchpost::danger {

class Phrase {
 public:
  static constexpr std::size_t kLongest = 120;
  static constexpr std::size_t kMostWords = 16;

  explicit Phrase(std::string_view written);
  Phrase(const Phrase&) = delete;  // the words point into it
  Phrase& operator=(const Phrase&) = delete;

  [[nodiscard]] std::span<const std::string_view> words() const { return {words_.data(), count_}; }
  // True where the words are exactly these ("on the bed"), divided by blanks.
  [[nodiscard]] bool is(std::string_view words) const;
  [[nodiscard]] bool has(std::string_view word) const;
  [[nodiscard]] bool has_one_of(std::span<const std::string_view> list) const;
  // False where there is no word at all.
  [[nodiscard]] bool is_all_of(std::span<const std::string_view> list) const;

 private:
  void cut();

  std::string text_;  // in lower case, blanks between words
  std::array<std::string_view, kMostWords> words_{};
  std::size_t count_ = 0;
};

[[nodiscard]] bool is_one_of(std::string_view word, std::span<const std::string_view> list);
// "alarm" of "alarm12".
[[nodiscard]] std::string_view without_number(std::string_view word);

// How many of `words` from `at` on are the blank-divided words of `name`; 0 where they are not.
[[nodiscard]] std::size_t matches(std::span<const std::string_view> words, std::size_t at,
                                  std::string_view name);

}  // namespace watchpost::danger

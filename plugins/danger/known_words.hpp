// KnownWords: "alarm1" is "alarm", "smokealarm" is "smoke alarm"; words that are known stay as they
// are. Promise: a word is cut only where both halves are known. Bounded; pure; any thread.
#pragma once

#include <array>
#include <span>
#include <string_view>

#include "danger/phrase.hpp"

namespace watchpost::danger {

class KnownWords {
 public:
  using IsKnown = bool (*)(std::string_view word);

  // What is returned points into what `words` points to.
  KnownWords(std::span<const std::string_view> words, IsKnown is_known);
  [[nodiscard]] std::span<const std::string_view> words() const { return {words_.data(), count_}; }

 private:
  void take(std::string_view word);
  void add(std::string_view word);

  IsKnown is_known_;
  std::array<std::string_view, 2 * Phrase::kMostWords> words_{};
  std::size_t count_ = 0;
};

}  // namespace watchpost::danger

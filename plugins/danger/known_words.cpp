#include "danger/known_words.hpp"

namespace watchpost::danger {

KnownWords::KnownWords(std::span<const std::string_view> words, IsKnown is_known)
    : is_known_(is_known) {
  for (const auto word : words) take(word);
}

void KnownWords::take(std::string_view word) {
  constexpr std::size_t kShortestHalf = 2;
  if (!is_known_(word)) {
    const auto stem = without_number(word);
    if (!stem.empty() && stem != word) return take(stem);
    for (std::size_t i = kShortestHalf; i + kShortestHalf <= word.size(); ++i) {
      if (!is_known_(word.substr(0, i)) || !is_known_(word.substr(i))) continue;
      add(word.substr(0, i));
      return add(word.substr(i));
    }
  }
  add(word);
}

void KnownWords::add(std::string_view word) {
  if (count_ < words_.size()) words_[count_++] = word;
}

}  // namespace watchpost::danger

#include "danger/languages.hpp"

#include <algorithm>
#include <unordered_map>

#include "danger/phrase.hpp"
#include "danger/spelling.hpp"
#include "danger/words_languages.hpp"

namespace watchpost::danger {
namespace {

using Words = std::span<const std::string_view>;

// By their first words.
using ByFirst = std::unordered_map<std::string_view, std::vector<const ForeignWord*>>;

ByFirst foreign_by_first() {
  ByFirst by_first;
  for (const auto words : {germanic_words(), romance_words(), eastern_words()}) {
    for (const ForeignWord& word : words) {
      by_first[word.foreign.substr(0, word.foreign.find(' '))].push_back(&word);
    }
  }
  return by_first;
}

struct Found {
  const ForeignWord* word = nullptr;
  std::size_t count = 0;
};
Found foreign_at(Words words, std::size_t at) {
  static const auto kByFirst = foreign_by_first();
  Found best;
  const auto found = kByFirst.find(words[at]);
  if (found == kByFirst.end()) return best;
  for (const ForeignWord* word : found->second) {
    if (word->alone && words.size() > 1) continue;
    const auto count = matches(words, at, word->foreign);
    if (count > best.count) best = {word, count};
  }
  return best;
}

void append(std::string_view words, std::vector<std::string_view>& out) {
  while (!words.empty()) {
    const auto end = std::min(words.find(' '), words.size());
    out.push_back(words.substr(0, end));
    words.remove_prefix(std::min(end + 1, words.size()));
  }
}

const ForeignWord* named(std::string_view part, std::span<const ForeignWord> list) {
  const auto found = std::find_if(list.begin(), list.end(),
                                  [&](const ForeignWord& each) { return each.foreign == part; });
  return found == list.end() ? nullptr : &*found;
}

// "rauchalarm" is "smoke alarm". True: the word is one of ours no more.
bool append_compound(std::string_view word, std::vector<std::string_view>& out) {
  constexpr std::size_t kShortestHalf = 3;
  for (std::size_t i = kShortestHalf; i + kShortestHalf <= word.size(); ++i) {
    const auto* head = named(word.substr(0, i), compound_heads());
    const auto* tail = head == nullptr ? nullptr : named(word.substr(i), compound_tails());
    if (tail == nullptr) continue;
    append(head->words, out);
    append(tail->words, out);
    return true;
  }
  return false;
}

bool is_joining(std::string_view word) {
  return is_one_of(word, joining_words());
}

}  // namespace

std::vector<std::string_view> in_words_of_ours(Words words) {
  std::vector<std::string_view> out;
  out.reserve(words.size() + 2);
  bool is_foreign = false;
  for (std::size_t at = 0; at < words.size();) {
    const auto found = foreign_at(words, at);
    if (found.word != nullptr) {
      append(found.word->words, out);
      at += found.count;
      is_foreign = true;
      continue;
    }
    const auto word = words[at++];
    if (append_compound(word, out) || append_compound(without_number(word), out)) {
      is_foreign = true;
    } else {
      out.push_back(as_meant(word));
    }
  }
  if (is_foreign) std::erase_if(out, is_joining);
  return out;
}

}  // namespace watchpost::danger

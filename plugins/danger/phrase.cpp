#include "danger/phrase.hpp"

#include <algorithm>

#include "danger/fold.hpp"
#include "danger/languages.hpp"
#include "danger/letters.hpp"
#include "danger/words.hpp"

namespace watchpost::danger {
namespace {

bool is_word(char c) {
  return is_upper(c) || is_lower(c) || is_digit(c) || static_cast<unsigned char>(c) >= 0x80;
}
char lower(char c) {
  return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
}

// "waterLeak" and "COAlarm": a word begins at the capital that a small letter stands before or
// behind.
bool begins_word(std::string_view text, std::size_t i) {
  if (i == 0 || !is_upper(text[i])) return false;
  if (is_lower(text[i - 1])) return true;
  return is_upper(text[i - 1]) && i + 1 < text.size() && is_lower(text[i + 1]);
}

// "water1leak": the number of a probe in the middle of a name stands between two words. In a short
// word the digit is a part of it: "co2level", "ch4alarm".
bool begins_number(std::string_view text, std::size_t i) {
  constexpr std::size_t kShortest = 3;
  if (i < kShortest || !is_digit(text[i]) || is_digit(text[i - 1])) return false;
  for (std::size_t n = 1; n <= kShortest; ++n) {
    if (!is_lower(lower(text[i - n]))) return false;
  }
  const auto behind = text.find_first_not_of("0123456789", i);
  return behind != std::string_view::npos && is_lower(lower(text[behind]));
}
bool begins_behind_number(std::string_view text, std::size_t i) {
  if (i == 0 || !is_digit(text[i - 1]) || is_digit(text[i])) return false;
  const auto before = text.find_last_not_of("0123456789", i - 1);
  return before != std::string_view::npos && begins_number(text, before + 1);
}

// The longest Chinese word that `text` begins with; null where there is none.
const ChineseWord* chinese_at(std::string_view text) {
  if (static_cast<unsigned char>(text.front()) < 0x80) return nullptr;
  const ChineseWord* longest = nullptr;
  for (const auto words : {chinese_words(), east_asian_words()}) {
    for (const ChineseWord& word : words) {
      if (!text.starts_with(word.chinese)) continue;
      if (longest == nullptr || word.chinese.size() > longest->chinese.size()) longest = &word;
    }
  }
  return longest;
}

// Takes the first word off a text with blanks.
std::string_view next_word(std::string_view& rest) {
  const auto end = std::min(rest.find(' '), rest.size());
  const auto word = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return word;
}

}  // namespace

Phrase::Phrase(std::string_view written) {
  const std::string plain = folded(written.substr(0, kLongest));
  const std::string_view text = plain;
  text_.reserve(text.size() + 8);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (const auto* word = chinese_at(text.substr(i))) {
      text_.append(" ").append(word->words).append(" ");
      i += word->chinese.size() - 1;
      continue;
    }
    // "Grandma's"
    const bool is_genitive = text[i] == '\'' && text.substr(i + 1).starts_with('s') &&
                             (i + 2 == text.size() || !is_word(text[i + 2]));
    if (is_genitive) {
      text_.push_back(' ');
      ++i;
      continue;
    }
    const bool begins =
        begins_word(text, i) || begins_number(text, i) || begins_behind_number(text, i);
    if (begins) text_.push_back(' ');
    text_.push_back(is_word(text[i]) ? lower(text[i]) : ' ');
  }
  cut();
}

void Phrase::cut() {
  std::array<std::string_view, kMostWords> words{};
  std::size_t count = 0;
  for (std::string_view rest = text_; !rest.empty() && count < kMostWords;) {
    const auto word = next_word(rest);
    if (!std::all_of(word.begin(), word.end(), is_digit)) words[count++] = word;
  }
  for (const auto word : in_words_of_ours({words.data(), count})) {
    if (count_ < kMostWords) words_[count_++] = word;
  }
}

bool Phrase::is(std::string_view words) const {
  const auto count = matches(this->words(), 0, words);
  return count > 0 && count == count_;
}

bool Phrase::has(std::string_view word) const {
  const auto all = words();
  return std::find(all.begin(), all.end(), word) != all.end();
}

bool Phrase::has_one_of(std::span<const std::string_view> list) const {
  const auto all = words();
  return std::any_of(all.begin(), all.end(), [&](auto word) { return is_one_of(word, list); });
}

bool Phrase::is_all_of(std::span<const std::string_view> list) const {
  const auto all = words();
  return !all.empty() &&
         std::all_of(all.begin(), all.end(), [&](auto word) { return is_one_of(word, list); });
}

bool is_one_of(std::string_view word, std::span<const std::string_view> list) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

std::string_view without_number(std::string_view word) {
  while (!word.empty() && is_digit(word.back())) word.remove_suffix(1);
  return word;
}

std::size_t matches(std::span<const std::string_view> words, std::size_t at,
                    std::string_view name) {
  std::size_t count = 0;
  while (!name.empty()) {
    if (at + count == words.size() || next_word(name) != words[at + count]) return 0;
    ++count;
  }
  return count;
}

}  // namespace watchpost::danger

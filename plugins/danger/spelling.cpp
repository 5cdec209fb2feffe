#include "danger/spelling.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "danger/lexicon.hpp"
#include "danger/phrase.hpp"

namespace watchpost::danger {
namespace {

// Each is long enough that its misspellings are no words of their own.
constexpr std::array<std::string_view, 14> kOften{
    "alarm",    "smoke",   "water",     "state",     "status",   "sensor",    "detected",
    "detector", "leakage", "emergency", "immersion", "monoxide", "triggered", "combustible"};
// What is but one letter away and something else.
constexpr std::array<std::string_view, 6> kElsewhere{"stats",    "stat",     "sate",
                                                     "defected", "defector", "senor"};

struct Shortened {
  std::string_view written;
  std::string_view meant;
};
constexpr std::array kShortened{
    Shortened{"evt", "event"},       Shortened{"det", "detector"}, Shortened{"evts", "event"},
    Shortened{"alm", "alarm"},       Shortened{"alaram", "alarm"}, Shortened{"almst", "alarm"},
    Shortened{"smk", "smoke"},       Shortened{"wtr", "water"},    Shortened{"sts", "status"},
    Shortened{"stts", "status"},     Shortened{"snsr", "sensor"},  Shortened{"emg", "emergency"},
    Shortened{"emerg", "emergency"}, Shortened{"lkg", "leakage"}};

constexpr std::size_t kLong = 7;  // from here on any one letter may be wrong

bool has_letter_too_few(std::string_view word, std::string_view meant) {
  if (word.size() + 1 != meant.size()) return false;
  const auto end = std::mismatch(word.begin(), word.end(), meant.begin()).first;
  const auto at = static_cast<std::size_t>(end - word.begin());
  return at > 0 && word.substr(at) == meant.substr(at + 1);
}

bool has_letter_too_many(std::string_view word, std::string_view meant) {
  if (word.size() != meant.size() + 1) return false;
  const auto end = std::mismatch(meant.begin(), meant.end(), word.begin()).second;
  const auto at = static_cast<std::size_t>(end - word.begin());
  if (at == 0 || word.substr(at + 1) != meant.substr(at)) return false;
  const bool is_doubled = word[at] == word[at - 1];
  return is_doubled || (meant.size() >= kLong && at < meant.size());
}

bool has_wrong_letters(std::string_view word, std::string_view meant) {
  if (word.size() != meant.size()) return false;
  const auto end = std::mismatch(word.begin(), word.end(), meant.begin()).first;
  const auto at = static_cast<std::size_t>(end - word.begin());
  if (at == 0 || at == word.size()) return false;
  const bool is_swapped = at + 1 < word.size() && word[at] == meant[at + 1] &&
                          word[at + 1] == meant[at] && word.substr(at + 2) == meant.substr(at + 2);
  return is_swapped || (meant.size() >= kLong && word.substr(at + 1) == meant.substr(at + 1));
}

bool says_something_else(std::string_view word) {
  return name_part(word) || value_part(word) != ValuePart::unread ||
         subject_at(std::span(&word, 1), 0).words > 0 || is_one_of(word, kElsewhere);
}

}  // namespace

std::string_view as_meant(std::string_view word) {
  for (const auto& [written, meant] : kShortened) {
    if (word == written) return meant;
  }
  for (const auto meant : kOften) {
    if (word.empty() || word.front() != meant.front() || word == meant) continue;
    const bool is_near = has_letter_too_few(word, meant) || has_letter_too_many(word, meant) ||
                         has_wrong_letters(word, meant);
    if (is_near) return says_something_else(word) ? word : meant;
  }
  return word;
}

}  // namespace watchpost::danger

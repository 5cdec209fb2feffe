// Small functions about texts that several layers use.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace watchpost {

// `text` without the white space at both ends. In the header, because the plugins' SDK uses it too,
// without the rest of this layer.
[[nodiscard]] constexpr std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n\v\f";
  const auto first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}
// "1 event", "2 events".
[[nodiscard]] std::string counted(std::uint64_t count, std::string_view noun);
// Levenshtein distance over bytes.
[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b);
// The candidate nearest to `word` by edit distance, if near enough to be a slip of the keyboard
// (at most a third of the word, at least 1).
[[nodiscard]] std::optional<std::string_view> nearest_spelling(
    std::string_view word, std::span<const std::string_view> candidates);

}  // namespace watchpost

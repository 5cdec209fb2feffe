// Small functions about texts that several layers use.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace watchpost {

// "1 event", "2 events".
[[nodiscard]] std::string counted(std::uint64_t count, std::string_view noun);
// Levenshtein distance over bytes.
[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b);
// The candidate nearest to `word` by edit distance, if near enough to be a slip of the keyboard
// (at most a third of the word, at least 1).
[[nodiscard]] std::optional<std::string_view> nearest_spelling(
    std::string_view word, std::span<const std::string_view> candidates);

}  // namespace watchpost

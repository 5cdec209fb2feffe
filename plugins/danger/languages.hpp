// Languages: the words of a phrase, where some are foreign, as the words of words.cpp that mean the
// same: "Rauchmelder ausgelöst" is "smoke detector triggered".
// Promise: a phrase without a foreign word stays as it is, but for its spelling (spelling.hpp); of
// several foreign words that begin at one place the most count; "de" and "van" are left out beside
// a foreign word. Bounded. Any thread.
#pragma once

#include <span>
#include <string_view>
#include <vector>

namespace watchpost::danger {

// `words` in small letters and folded (fold.hpp). What is returned points into `words` or into the
// table.
[[nodiscard]] std::vector<std::string_view> in_words_of_ours(
    std::span<const std::string_view> words);

}  // namespace watchpost::danger

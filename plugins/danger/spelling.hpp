// Spelling: words of ours as makers misspell and shorten them: "alrm", "statu", "dectected", "smk".
// Promise: a word that means something as it stands is left alone; the first letter is always
// right; a short word is taken for one of ours only where a letter is missing, doubled or swapped
// with the next. Pure; any thread.
#pragma once

#include <string_view>

namespace watchpost::danger {

// The word that was meant, or `word` itself.
[[nodiscard]] std::string_view as_meant(std::string_view word);

}  // namespace watchpost::danger

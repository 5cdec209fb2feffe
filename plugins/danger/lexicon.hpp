// Lexicon: the table of words.hpp, found by word.
// Promise: made once, at the first use; constant after it. Any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "danger/words.hpp"

namespace watchpost::danger {

// What `word` is beside a subject; nothing for a word that is not in the table.
[[nodiscard]] std::optional<NamePart> name_part(std::string_view word);
[[nodiscard]] ValuePart value_part(std::string_view word);

// The longest name of a subject that begins at word `at`, and how many words it has.
struct FoundSubject {
  const SubjectName* name = nullptr;
  std::size_t words = 0;
};
[[nodiscard]] FoundSubject subject_at(std::span<const std::string_view> words, std::size_t at);

}  // namespace watchpost::danger

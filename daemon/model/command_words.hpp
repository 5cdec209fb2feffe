// The texts of commands and of why one is refused: the one place where they are, in English and in
// Chinese. Promise: each refusal says what is so and what to do next in both languages; what stands
// between braces in one stands in the other. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

#include "model/command.hpp"
#include "model/language.hpp"

namespace watchpost {

[[nodiscard]] std::string_view action_word(DutyAction action, Language language);

// {alarm}, {state}, {field}, {most} stand for what a result says. No full stop at the end.
struct RefusalText {
  std::string_view what;
  std::string_view next;
};
[[nodiscard]] const RefusalText& refusal_text(Refusal refusal, Language language);
// Both, with the values of `result`; empty where it was done.
[[nodiscard]] std::string sentence_of(const CommandResult& result, Language language);

}  // namespace watchpost

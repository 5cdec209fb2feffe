// The catalogue of troubles for a person: what each code means and what to do.
// Promise: the tables in docs/guide.md and docs/guide.zh-CN.md are `trouble_table`, word by word
// (tests/unit/cli/trouble_page_test.cpp). Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "model/language.hpp"

namespace watchpost::cli {

// Which troubles: those that stand at the top of the status, or those that stand below one of them
// and say why.
enum class TroublePlace : std::uint8_t { top, cause };
// A table in Markdown.
[[nodiscard]] std::string trouble_table(Language language, TroublePlace place);
// One paragraph a code. `code`: this one only; empty: all of them.
[[nodiscard]] Result<std::string> trouble_list(std::string_view code, Language language);

}  // namespace watchpost::cli

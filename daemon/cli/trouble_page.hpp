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

// Which troubles a table has: those at the top of the status, or those that stand below such a
// trouble as its cause.
enum class TroublePlace : std::uint8_t { top, cause };
// All troubles of one place as a table in Markdown.
[[nodiscard]] std::string trouble_table(Language language, TroublePlace place);
// One paragraph for each trouble. `code`: only the trouble with this code; empty: all troubles.
[[nodiscard]] Result<std::string> trouble_list(std::string_view code, Language language);

}  // namespace watchpost::cli

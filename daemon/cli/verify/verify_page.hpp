// verify_page: the findings of a check of the store, as a page for a person; and reading of the
// lines in which the running daemon reports a check. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "model/language.hpp"
#include "spool/verify/store_verifier.hpp"

namespace watchpost::cli {

[[nodiscard]] std::string verify_page(const spool::CheckReport& report, Language language);
// Of a copy that is no store in use: what to do about a store would be wrong, so it is left out.
[[nodiscard]] std::string copy_page(const spool::CheckReport& report, Language language);

struct CheckNews {
  std::uint64_t rows = 0;  // rows looked at so far
  std::optional<spool::CheckReport> report;
};
// Reads one line of GET /v1/verify. A Failure: the daemon could not look; its sentence says why.
[[nodiscard]] Result<CheckNews> check_news_from(std::string_view line);

}  // namespace watchpost::cli

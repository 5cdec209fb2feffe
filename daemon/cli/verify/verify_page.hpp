// verify_page: what a check of the store found, as a page for a person; and how the running daemon
// tells it. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "spool/verify/store_verifier.hpp"

namespace watchpost::cli {

[[nodiscard]] std::string verify_page(const spool::CheckReport& report);

struct CheckNews {
  std::uint64_t rows = 0;  // looked at so far
  std::optional<spool::CheckReport> report;
};
// One line of GET /v1/verify. A Failure: the daemon could not look, with its words.
[[nodiscard]] Result<CheckNews> check_news_from(std::string_view line);

}  // namespace watchpost::cli

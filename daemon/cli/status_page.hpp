// The status of the daemon as a page of text for a person.
// Promise: what is wrong stands first, each with what to do. Pure.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "model/language.hpp"

namespace watchpost::cli {

// `status`: the body of GET /v1/status.
[[nodiscard]] Result<std::string> status_page(std::string_view status, Language language);

}  // namespace watchpost::cli

// What a street's receiver holds of each gateway: one line for each gateway, or JSON for programs.
// Promise: says "complete" only of a gateway of which something was received and nothing is
// missing, on its way, in conflict, or cannot be known. Pure. Used by `watchpost receive --status`.
#pragma once

#include <string>

#include "model/language.hpp"
#include "receiver/audit.hpp"

namespace watchpost::cli {

// Times are shown in the zone of this place, with their offset.
[[nodiscard]] std::string received_page(const receiver::Audit& audit, Language language);
[[nodiscard]] std::string received_json(const receiver::Audit& audit);

}  // namespace watchpost::cli

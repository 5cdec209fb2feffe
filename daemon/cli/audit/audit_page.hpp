// audit_page: what an audit found, as a page for a person. Pure.
#pragma once

#include <string>

#include "receiver/audit.hpp"

namespace watchpost::cli {

[[nodiscard]] std::string audit_page(const receiver::Audit& audit);

}  // namespace watchpost::cli

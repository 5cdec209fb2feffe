// audit_page: the findings of an audit as a page for a person. Pure.
#pragma once

#include <string>

#include "receiver/audit.hpp"

namespace watchpost::cli {

// Says what it means that two epochs continue the same one, and what to do.
[[nodiscard]] std::string sentence_of(const receiver::Branch& branch);
[[nodiscard]] std::string audit_page(const receiver::Audit& audit);

}  // namespace watchpost::cli

// audit_page: what an audit found, as a page for a person. Pure.
#pragma once

#include <string>

#include "receiver/audit.hpp"

namespace watchpost::cli {

// What it means that two epochs go on behind one, and what to do.
[[nodiscard]] std::string sentence_of(const receiver::Branch& branch);
[[nodiscard]] std::string audit_page(const receiver::Audit& audit);

}  // namespace watchpost::cli

// audit_page: the findings of an audit as a page for a person. Pure, but for the time zone.
#pragma once

#include <string>

#include "model/language.hpp"
#include "receiver/audit.hpp"

namespace watchpost::cli {

// Says what it means that two epochs continue the same one, and what to do.
[[nodiscard]] std::string sentence_of(const receiver::Branch& branch, Language language);
[[nodiscard]] std::string audit_page(const receiver::Audit& audit, Language language);

struct AuditedToo {
  bool ledger_is_complete = true;
  std::string manifest_time;  // RFC 3339; empty: none was compared with
};
// Up to which time this was looked at, and what it comes to.
[[nodiscard]] std::string audit_verdict(const receiver::Audit& audit, const AuditedToo& too,
                                        Language language);

}  // namespace watchpost::cli

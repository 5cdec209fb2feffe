// revocations: the lists of certificates that hold no longer (CRL, RFC 5280 section 5).
// Promise: a list that should have been renewed still holds, and is a trouble: otherwise a
// forgotten renewal would shut out every client that has a certificate. Used by net/; any thread.
#pragma once

#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"

struct ssl_ctx_st;  // OpenSSL's SSL_CTX

namespace watchpost::net {

struct RevocationFacts {
  std::optional<WallTime> next;  // when the first of them should be renewed; nothing: never
  std::string next_day;          // "2027-03-31", UTC
};
// Nothing where the file holds no list, or `file` is empty.
[[nodiscard]] std::optional<RevocationFacts> revocations_in(const std::string& file);

// From now on clients' certificates that a list in the file names are refused. Each authority that
// signs clients' certificates needs a list in it.
[[nodiscard]] Result<void> heed_revocations(ssl_ctx_st& context, const std::string& file);
// Of OpenSSL's verification: whether an error is only the age of a list.
[[nodiscard]] bool is_only_age_of_list(int error);

}  // namespace watchpost::net

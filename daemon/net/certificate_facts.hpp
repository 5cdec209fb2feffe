// CertificateFacts: what a person must know of a certificate in a file.
// Promise: the first certificate of a PEM file, no secret. Any thread.
#pragma once

#include <optional>
#include <string>

namespace watchpost::net {

struct CertificateFacts {
  std::string subject;   // "CN = gateway-7"
  std::string last_day;  // "2027-03-31", UTC
  bool is_over = false;  // by the clock of this box
};

// Nothing where the file holds no certificate, or `file` is empty.
[[nodiscard]] std::optional<CertificateFacts> certificate_in(const std::string& file);

}  // namespace watchpost::net

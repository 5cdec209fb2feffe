// CertificateFacts: what a person must know of a certificate in a file.
// Promise: the first certificate of a PEM file, no secret. Any thread.
#pragma once

#include <optional>
#include <string>

#include "base/clock.hpp"

struct x509_st;  // OpenSSL's X509

namespace watchpost::net {

struct CertificateFacts {
  std::string subject;   // "CN = gateway-7"
  std::string last_day;  // "2027-03-31", UTC
  bool is_over = false;  // by the clock of this box
  WallTime begins{};
  WallTime ends{};
};

// Nothing where the file holds no certificate, or `file` is empty.
[[nodiscard]] std::optional<CertificateFacts> certificate_in(const std::string& file);
// The common name of the subject, as UTF-8. Empty where there is none, more than one, or one that
// is no name for people: with control characters, or longer than 256 bytes.
[[nodiscard]] std::string common_name_of(const x509_st& certificate);

}  // namespace watchpost::net

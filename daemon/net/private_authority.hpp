// private_authority: certificates for a network that has no public name: an authority of one's own,
// and what it signs.
// Promise: keys are P-256, which phones, browsers and mbedTLS (ESP32) know; what is made passes the
// checks of OpenSSL, browsers and iOS (RFC 5280: versions, constraints, key usages, names). Nothing
// is written. Texts are PEM. Any thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace watchpost::net {

struct CertifiedKey {
  std::string certificate;
  std::string private_key;
};

struct Validity {
  WallTime begins{};
  WallTime ends{};
};

enum class CertificateUse : std::uint8_t { server, client };

struct CertificateSubject {
  std::string common_name;
  std::vector<std::string> names{};      // of hosts, as DNS has them
  std::vector<std::string> addresses{};  // IPv4 and IPv6
  CertificateUse use = CertificateUse::server;
};

[[nodiscard]] Result<CertifiedKey> make_authority(const std::string& common_name,
                                                  const Validity& validity);
[[nodiscard]] Result<CertifiedKey> issue(const CertifiedKey& authority,
                                         const CertificateSubject& subject,
                                         const Validity& validity);
// A certificate for the same key, subject and names.
[[nodiscard]] Result<std::string> renew(const CertifiedKey& authority,
                                        const std::string& certificate, const Validity& validity);

// Letters, digits, '-' and '.' of a host's name, with '*' as the first level; or an address.
[[nodiscard]] bool is_host_name(const std::string& text);
[[nodiscard]] bool is_host_address(const std::string& text);

struct CertificateText {
  std::string names;     // "DNS:office.local, IP Address:192.168.1.20"
  std::string last_day;  // "2029-03-03"
  std::string sha256;    // "AB:CD:...", as phones and browsers show it
};
[[nodiscard]] Result<CertificateText> text_of(const std::string& certificate);
[[nodiscard]] Result<WallTime> end_of(const std::string& certificate);

}  // namespace watchpost::net

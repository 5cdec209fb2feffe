// SHA-512, PBKDF2 with it, HMAC-SHA-256 and random bytes, by OpenSSL: for what passwords are
// compared with, and for signatures. Promise: FIPS 180-4, RFC 8018 (HMAC-SHA-512) and RFC 2104.
// Fails (empty answer) only where OpenSSL has no such digest, memory or randomness, so whatever was
// to be proven counts as not proven. Any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace watchpost {

inline constexpr std::size_t kSha512Size = 64;

[[nodiscard]] std::string sha512(std::string_view bytes);

struct Salted {
  std::string_view password;
  std::string_view salt;
};
// kSha512Size bytes; takes as long as `rounds` asks for.
[[nodiscard]] std::string pbkdf2_sha512(const Salted& what, unsigned rounds);

struct Keyed {
  std::string_view key;
  std::string_view message;
};
// 32 bytes.
[[nodiscard]] std::string hmac_sha256(const Keyed& what);

[[nodiscard]] std::string random_bytes(std::size_t count);

}  // namespace watchpost

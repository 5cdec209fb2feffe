// PasswordHash: one password as a password file keeps it, in the forms of mosquitto_passwd: $7$
// (PBKDF2-SHA512), $argon2id$ (since 2.1), $6$ (one round of SHA-512, of Mosquitto 1.6).
// Promise: what a check may cost is bounded when the text is read; comparing takes the same time
// wherever the first difference is. A plain value; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace watchpost::accounts {

class PasswordHash {
 public:
  enum class Form : std::uint8_t { sha512, pbkdf2, argon2id };

  // Checking one password takes about 0.1 s of a core at this many rounds on a small board.
  static constexpr unsigned kMostRounds = 100'000;
  // What `made` takes: some 1 ms on a small board, so that 5000 clients are checked within the 10 s
  // in which a client must be answered. mosquitto_passwd 2.1 takes the same.
  static constexpr unsigned kRounds = 1'000;
  // Of argon2id. mosquitto_passwd 2.1 takes 46 MiB, one pass and one lane.
  static constexpr unsigned kMostMemoryKib = 64 * 1024;
  static constexpr unsigned kMostPasses = 8;
  static constexpr unsigned kMostLanes = 4;

  // Fails with a phrase that says what is wrong: "the number of rounds is not 1 to 100000".
  [[nodiscard]] static boost::system::result<PasswordHash, Phrase> parse(std::string_view text);
  // $7$ with a salt of its own; nothing where the system has no random numbers.
  [[nodiscard]] static std::optional<PasswordHash> made(std::string_view password);
  // A hash of no password that costs as much to compare with as `other`.
  [[nodiscard]] static PasswordHash as_costly_as(const PasswordHash& other);
  [[nodiscard]] static PasswordHash of_nobody();

  [[nodiscard]] bool fits(std::string_view password) const;
  [[nodiscard]] std::string text() const;  // of the $7$ form only
  [[nodiscard]] Form form() const { return form_; }
  friend bool operator==(const PasswordHash&, const PasswordHash&) = default;

 private:
  [[nodiscard]] static boost::system::result<PasswordHash, Phrase> parse_pbkdf2(
      std::string_view text);
  [[nodiscard]] static boost::system::result<PasswordHash, Phrase> parse_sha512(
      std::string_view text);
  [[nodiscard]] static boost::system::result<PasswordHash, Phrase> parse_argon2id(
      std::string_view text);
  // Empty where it cannot be computed: equals no hash.
  [[nodiscard]] std::string derived_from(std::string_view password) const;

  Form form_ = Form::pbkdf2;
  unsigned rounds_ = 101;  // of argon2id: passes
  unsigned memory_kib_ = 0;
  unsigned lanes_ = 0;
  std::string salt_;
  std::string hash_;
};

}  // namespace watchpost::accounts

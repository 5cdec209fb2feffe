#include "accounts/password_hash.hpp"

#include <argon2.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/aes.hpp"
#include "base/digest.hpp"
#include "base/encoding.hpp"

namespace watchpost::accounts {
namespace {

constexpr std::size_t kSaltSize = 12;  // Mosquitto 2.0 takes no other
constexpr std::size_t kMostArgonBytes = 128;

Phrase damaged() {
  return {"salt or hash is damaged", "盐值或散列已损坏"};
}

// Cuts `text` at the next `separator`; the rest stays in `text`.
std::string_view cut_at(std::string_view& text, char separator) {
  const auto at = text.find(separator);
  const auto part = text.substr(0, at);
  text = at == std::string_view::npos ? std::string_view{} : text.substr(at + 1);
  return part;
}

std::optional<unsigned> number_in(std::string_view text, unsigned most) {
  unsigned number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_number = error == std::errc{} && end == text.data() + text.size();
  if (!is_number || number < 1 || number > most) return std::nullopt;
  return number;
}

// argon2 writes base64 without the padding.
std::optional<std::string> from_bare_base64(std::string_view text) {
  std::string padded(text);
  while (padded.size() % 4 != 0) padded.push_back('=');
  return from_base64(padded);
}

}  // namespace

boost::system::result<PasswordHash, Phrase> PasswordHash::parse(std::string_view text) {
  if (text.starts_with("$7$")) return parse_pbkdf2(text.substr(3));
  if (text.starts_with("$6$")) return parse_sha512(text.substr(3));
  if (text.starts_with("$argon2id$")) return parse_argon2id(text.substr(10));
  return Phrase{"the password is not hashed in a form of mosquitto_passwd ($7$, $argon2id$, $6$)",
                "密码不是 mosquitto_passwd 的散列形式（$7$、$argon2id$、$6$）"};
}

boost::system::result<PasswordHash, Phrase> PasswordHash::parse_pbkdf2(std::string_view text) {
  const auto rounds = number_in(cut_at(text, '$'), kMostRounds);
  if (!rounds) {
    return Phrase{fmt::format("the number of iterations is not 1 to {}", kMostRounds),
                  fmt::format("迭代次数不在 1 到 {} 之间", kMostRounds)};
  }
  const auto salt = from_base64(cut_at(text, '$'));
  const auto hash = from_base64(text);
  if (!salt || salt->empty() || !hash || hash->size() != kSha512Size) return damaged();
  PasswordHash parsed;
  parsed.rounds_ = *rounds;
  parsed.salt_ = *salt;
  parsed.hash_ = *hash;
  return parsed;
}

boost::system::result<PasswordHash, Phrase> PasswordHash::parse_sha512(std::string_view text) {
  const auto salt = from_base64(cut_at(text, '$'));
  const auto hash = from_base64(text);
  if (!salt || salt->empty() || !hash || hash->size() != kSha512Size) return damaged();
  PasswordHash parsed;
  parsed.form_ = Form::sha512;
  parsed.rounds_ = 1;
  parsed.salt_ = *salt;
  parsed.hash_ = *hash;
  return parsed;
}

// "v=19$m=47104,t=1,p=1$SALT$HASH", the string form that the authors of argon2 define.
boost::system::result<PasswordHash, Phrase> PasswordHash::parse_argon2id(std::string_view text) {
  if (cut_at(text, '$') != "v=19") {
    return Phrase{"this version of argon2id is not known", "不认识这个版本的 argon2id"};
  }
  std::string_view costs = cut_at(text, '$');
  const auto cost = [&costs](std::string_view name, unsigned most) -> std::optional<unsigned> {
    const auto part = cut_at(costs, ',');
    return part.starts_with(name) ? number_in(part.substr(name.size()), most) : std::nullopt;
  };
  const auto memory = cost("m=", kMostMemoryKib);
  const auto passes = cost("t=", kMostPasses);
  const auto lanes = cost("p=", kMostLanes);
  if (!memory || !passes || !lanes || !costs.empty() || *memory < 8 * *lanes) {
    return Phrase{fmt::format("argon2id is asked for other than m up to {}, t up to {}, p up to {}",
                              kMostMemoryKib, kMostPasses, kMostLanes),
                  fmt::format("argon2id 的参数超出范围（m 不超过 {}，t 不超过 {}，p 不超过 {}）",
                              kMostMemoryKib, kMostPasses, kMostLanes)};
  }
  const auto salt = from_bare_base64(cut_at(text, '$'));
  const auto hash = from_bare_base64(text);
  const bool is_whole = salt && hash && salt->size() >= ARGON2_MIN_SALT_LENGTH &&
                        hash->size() >= ARGON2_MIN_OUTLEN && salt->size() <= kMostArgonBytes &&
                        hash->size() <= kMostArgonBytes;
  if (!is_whole) return damaged();
  PasswordHash parsed;
  parsed.form_ = Form::argon2id;
  parsed.rounds_ = *passes;
  parsed.memory_kib_ = *memory;
  parsed.lanes_ = *lanes;
  parsed.salt_ = *salt;
  parsed.hash_ = *hash;
  return parsed;
}

std::optional<PasswordHash> PasswordHash::made(std::string_view password) {
  PasswordHash fresh;
  fresh.rounds_ = kRounds;
  fresh.salt_ = random_bytes(kSaltSize);
  if (fresh.salt_.empty()) return std::nullopt;
  fresh.hash_ = fresh.derived_from(password);
  if (fresh.hash_.empty()) return std::nullopt;
  return fresh;
}

PasswordHash PasswordHash::as_costly_as(const PasswordHash& other) {
  PasswordHash nobody = other;
  std::fill(nobody.hash_.begin(), nobody.hash_.end(), '\0');
  return nobody;
}

PasswordHash PasswordHash::of_nobody() {
  PasswordHash nobody;
  nobody.salt_.resize(kSaltSize);
  nobody.hash_.resize(kSha512Size);
  return nobody;
}

std::string PasswordHash::derived_from(std::string_view password) const {
  switch (form_) {
    case Form::pbkdf2:
      return pbkdf2_sha512({.password = password, .salt = salt_}, rounds_);
    case Form::sha512:
      return sha512(std::string(password) + salt_);
    case Form::argon2id:
      break;
  }
  std::string hash(hash_.size(), '\0');
  const int done = argon2id_hash_raw(rounds_, memory_kib_, lanes_, password.data(), password.size(),
                                     salt_.data(), salt_.size(), hash.data(), hash.size());
  return done == ARGON2_OK ? hash : std::string();
}

bool PasswordHash::fits(std::string_view password) const {
  const std::string hash = derived_from(password);
  return !hash.empty() && equal_in_constant_time(hash, hash_);
}

std::string PasswordHash::text() const {
  return fmt::format("$7${}${}${}", rounds_, to_base64(salt_), to_base64(hash_));
}

}  // namespace watchpost::accounts

#include "ingress/credentials.hpp"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <charconv>
#include <fstream>
#include <iterator>
#include <utility>

#include "base/encoding.hpp"

namespace watchpost::ingress {
namespace {

constexpr std::size_t kHashSize = 64;  // SHA-512

Failure mistake(Complaint complaint) {
  return Failure{Failure::Kind::invalid_input, std::move(complaint.what),
                 std::move(complaint.remedy), nullptr, std::move(complaint.chinese)};
}

// Cuts `text` at the next `separator`; the rest stays in `text`.
std::string_view cut(std::string_view& text, char separator) {
  const auto at = text.find(separator);
  const auto part = text.substr(0, at);
  text = at == std::string_view::npos ? std::string_view{} : text.substr(at + 1);
  return part;
}

}  // namespace

Result<Credentials> Credentials::load(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) {
    return Failure{
        Failure::Kind::environment,
        fmt::format("the password file {} cannot be read", file.string()),
        "Create it with mosquitto_passwd -c and let the service's user read it", nullptr,
        fmt::format("读不到密码文件 {}。请用 mosquitto_passwd -c 创建，并让服务的用户有权读取",
                    file.string())};
  }
  std::string text(kLargestFile + 1, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(stream.gcount()));
  if (text.size() > kLargestFile) {
    return mistake(
        {.what = fmt::format("the password file {} is larger than 1 MiB", file.string()),
         .remedy = "Name a file written by mosquitto_passwd",
         .chinese = fmt::format("密码文件 {} 大于 1 MiB。请指定 mosquitto_passwd 生成的文件",
                                file.string())});
  }
  const std::string name = file.string();
  return parse({.name = name, .text = text});
}

Result<Credentials> Credentials::parse(const File& file) {
  std::string_view text = file.text;
  Credentials credentials;
  credentials.name_ = file.name;
  credentials.nobody_ = Entry{101, std::string(12, '\0'), std::string(kHashSize, '\0')};
  for (unsigned line_number = 1; !text.empty(); ++line_number) {
    auto line = cut(text, '\n');
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty() || line.starts_with('#')) continue;
    const auto user_name = cut(line, ':');
    const auto where = fmt::format("{}:{}", file.name, line_number);
    if (user_name.empty() || line.empty()) {
      return mistake({.what = fmt::format("{}: not of the form user:hash", where),
                      .remedy = "Write the line anew with mosquitto_passwd",
                      .chinese = fmt::format("{}：这一行不是 用户:密码散列 的形式。请用 "
                                             "mosquitto_passwd 重写这一行",
                                             where)});
    }
    auto entry = parse_entry(line);
    if (!entry) {
      const auto command =
          fmt::format("`sudo mosquitto_passwd -H sha512-pbkdf2 {} {}`", file.name, user_name);
      return mistake({.what = fmt::format("{}: {}", where, entry.error().what),
                      .remedy = fmt::format("Set the password of {} anew: {}", user_name, command),
                      .chinese = fmt::format("{0}：{1}。请运行 {3} 重新设置 {2} 的密码", where,
                                             entry.error().chinese, user_name, command)});
    }
    credentials.nobody_.iterations = entry->iterations;
    if (!credentials.entries_.emplace(user_name, std::move(*entry)).second) {
      return mistake(
          {.what = fmt::format("{}: the user {} appears twice", where, user_name),
           .remedy = "Remove one of the lines",
           .chinese = fmt::format("{}：用户 {} 出现两次。请删掉其中一行", where, user_name)});
    }
  }
  return credentials;
}

Result<Credentials::Entry> Credentials::parse_entry(std::string_view hashed) {
  if (!hashed.starts_with("$7$")) {
    return mistake({.what = "the password is not hashed with PBKDF2-SHA512 ($7$)",
                    .remedy = {},
                    .chinese = "密码不是用 PBKDF2-SHA512（$7$）散列的"});
  }
  hashed.remove_prefix(3);
  const auto rounds = cut(hashed, '$');
  const auto salt = from_base64(cut(hashed, '$'));
  const auto hash = from_base64(hashed);
  Entry entry;
  const auto [end, error] =
      std::from_chars(rounds.data(), rounds.data() + rounds.size(), entry.iterations);
  const bool number = error == std::errc{} && end == rounds.data() + rounds.size();
  if (!number || entry.iterations < 1 || entry.iterations > kMostIterations) {
    return mistake({.what = "the number of iterations is not 1 to 100000",
                    .remedy = {},
                    .chinese = "迭代次数不在 1 到 100000 之间"});
  }
  if (!salt || salt->empty() || !hash || hash->size() != kHashSize) {
    return mistake(
        {.what = "salt or hash is damaged", .remedy = {}, .chinese = "盐值或散列已损坏"});
  }
  entry.salt = *salt;
  entry.hash = *hash;
  return entry;
}

std::string Credentials::pbkdf2(std::string_view password, const Entry& entry) {
  std::string hash(kHashSize, '\0');
  const int done = PKCS5_PBKDF2_HMAC(
      password.data(), static_cast<int>(password.size()),
      reinterpret_cast<const unsigned char*>(entry.salt.data()),
      static_cast<int>(entry.salt.size()), static_cast<int>(entry.iterations), EVP_sha512(),
      static_cast<int>(hash.size()), reinterpret_cast<unsigned char*>(hash.data()));
  if (done != 1) hash.clear();  // equals no stored hash
  return hash;
}

bool Credentials::verify(const Login& login) const {
  const auto found = entries_.find(login.user_name);
  const bool known = found != entries_.end();
  const Entry& entry = known ? found->second : nobody_;
  const auto hash = pbkdf2(login.password, entry);
  const bool equal = hash.size() == entry.hash.size() &&
                     CRYPTO_memcmp(hash.data(), entry.hash.data(), hash.size()) == 0;
  return known && equal;
}

}  // namespace watchpost::ingress

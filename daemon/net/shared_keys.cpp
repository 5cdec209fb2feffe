#include "net/shared_keys.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "base/encoding.hpp"

namespace watchpost::net {
namespace {

// What is wrong with a line and what to do, in both languages.
struct LineFault {
  std::string_view what;
  std::string_view chinese;
};
constexpr LineFault kNoColon{"is not IDENTITY:KEY", "不是“身份:密钥”的形式"};
constexpr LineFault kNoIdentity{"has no identity of 1 to 128 printable characters",
                                "没有 1 到 128 个可见字符的身份"};
constexpr LineFault kTwice{"has an identity that stands above already", "的身份在上面已经写过"};
constexpr LineFault kNoKey{"has no key of 16 to 64 bytes in hexadecimal digits",
                           "没有 16 到 64 字节的十六进制密钥"};

Failure in_line(const std::filesystem::path& file, std::size_t line, const LineFault& fault) {
  return Failure{Failure::Kind::invalid_input,
                 fmt::format("{}:{}: the line {}", file.string(), line, fault.what),
                 "Write one as `openssl rand -hex 32` makes it: kitchen:KEY", nullptr,
                 fmt::format("{}:{}：这一行{}。密钥可用 `openssl rand -hex 32` 生成，写成 "
                             "kitchen:密钥",
                             file.string(), line, fault.chinese)};
}

bool is_identity(std::string_view text) {
  const bool is_printable = std::all_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) > 0x20 && c != 0x7F;
  });
  return !text.empty() && text.size() <= SharedKeys::kMostIdentity && is_printable && is_utf8(text);
}

}  // namespace

Result<SharedKeys> SharedKeys::load(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::string line;
  SharedKeys keys;
  if (!in) {
    return Failure{Failure::Kind::environment,
                   fmt::format("the file of shared keys {} cannot be read", file.string()),
                   "Look whether it is there, and whether the service may read it", nullptr,
                   fmt::format("共享密钥文件 {} 无法读取：请检查文件是否存在、服务是否有权读取",
                               file.string())};
  }
  std::size_t bytes = 0;
  for (std::size_t number = 1; std::getline(in, line); ++number) {
    bytes += line.size();
    if (bytes > kLargestFile) return in_line(file, number, kNoColon);
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (line.empty() || line.front() == '#') continue;
    const auto colon = line.rfind(':');
    if (colon == std::string::npos) return in_line(file, number, kNoColon);
    const std::string_view identity = std::string_view(line).substr(0, colon);
    if (!is_identity(identity)) return in_line(file, number, kNoIdentity);
    auto key = from_hex(std::string_view(line).substr(colon + 1));
    if (!key || key->size() < kLeastKey || key->size() > kMostKey) {
      return in_line(file, number, kNoKey);
    }
    if (!keys.keys_.emplace(identity, std::move(*key)).second) return in_line(file, number, kTwice);
  }
  if (keys.keys_.empty()) return in_line(file, 1, kNoColon);
  return keys;
}

const std::string* SharedKeys::find(std::string_view identity) const {
  const auto found = keys_.find(identity);
  return found == keys_.end() ? nullptr : &found->second;
}

}  // namespace watchpost::net

// SharedKeys: the keys that a port shares with its clients (TLS-PSK: RFC 4279, RFC 8446 section
// 4.2.11), from a file in Mosquitto's form: a line IDENTITY:KEY for each, the key in hexadecimal.
// Promise: a mistake is a Failure with file and line; keys are never part of a text. Plain value;
// any thread.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace watchpost::net {

class SharedKeys {
 public:
  // Bytes. A shorter key could be guessed from one recorded handshake (RFC 4279 section 7.2).
  static constexpr std::size_t kLeastKey = 16;
  static constexpr std::size_t kMostKey = 64;
  static constexpr std::size_t kMostIdentity = 128;
  static constexpr std::size_t kLargestFile = 4U << 20U;

  [[nodiscard]] static Result<SharedKeys> load(const std::filesystem::path& file);
  // Null where nobody has this identity.
  [[nodiscard]] const std::string* find(std::string_view identity) const;
  [[nodiscard]] std::size_t size() const { return keys_.size(); }

 private:
  std::map<std::string, std::string, std::less<>> keys_;  // bytes, by identity
};

}  // namespace watchpost::net

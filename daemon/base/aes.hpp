// AES-128 and its message code CMAC, by OpenSSL, for what tags sign and encrypt.
// Promise: NIST SP 800-38A (ECB, CBC without padding) and SP 800-38B (CMAC). A key is never printed
// and is wiped when it ends. Fails (empty answer) only where OpenSSL has no AES or no memory, so
// what was to be proven counts as not proven. Any thread.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace watchpost {

inline constexpr std::size_t kAesBlock = 16;

class AesKey {
 public:
  AesKey() = default;
  // `bytes`: 16; see from_hex().
  explicit AesKey(std::string_view bytes);
  AesKey(const AesKey&) = default;
  AesKey& operator=(const AesKey&) = default;
  ~AesKey();

  // One block of 16 bytes.
  [[nodiscard]] std::string encrypt_block(std::string_view block) const;
  // Whole blocks; `first` is the initialisation vector.
  struct Chain {
    std::string_view first;
    std::string_view bytes;
  };
  [[nodiscard]] std::string encrypt_cbc(Chain chain) const;
  [[nodiscard]] std::string decrypt_cbc(Chain chain) const;
  // 16 bytes.
  [[nodiscard]] std::string cmac(std::string_view message) const;

  friend bool operator==(const AesKey& a, const AesKey& b);

 private:
  std::array<unsigned char, kAesBlock> bytes_{};
};

// In a time that does not depend on where they differ.
[[nodiscard]] bool equal_in_constant_time(std::string_view a, std::string_view b);

}  // namespace watchpost

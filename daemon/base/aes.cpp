#include "base/aes.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>
#include <memory>

#include "base/invariant.hpp"

namespace watchpost {
namespace {

const unsigned char* octets(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

unsigned char* octets(std::string& bytes) {
  return reinterpret_cast<unsigned char*>(bytes.data());
}

template <auto Free>
struct Freed {
  template <class T>
  void operator()(T* pointer) const {
    Free(pointer);
  }
};
using Cipher = std::unique_ptr<EVP_CIPHER_CTX, Freed<EVP_CIPHER_CTX_free>>;
using Mac = std::unique_ptr<EVP_MAC, Freed<EVP_MAC_free>>;
using MacRun = std::unique_ptr<EVP_MAC_CTX, Freed<EVP_MAC_CTX_free>>;

enum class Way : int { decrypt = 0, encrypt = 1 };

std::string cbc(const unsigned char* key, AesKey::Chain chain, Way way) {
  if (chain.first.size() != kAesBlock || chain.bytes.size() % kAesBlock != 0) return {};
  const Cipher cipher(EVP_CIPHER_CTX_new());
  std::string out(chain.bytes.size() + kAesBlock, '\0');
  int written = 0;
  const bool good = cipher &&
                    EVP_CipherInit_ex(cipher.get(), EVP_aes_128_cbc(), nullptr, key,
                                      octets(chain.first), static_cast<int>(way)) == 1 &&
                    EVP_CIPHER_CTX_set_padding(cipher.get(), 0) == 1 &&
                    EVP_CipherUpdate(cipher.get(), octets(out), &written, octets(chain.bytes),
                                     static_cast<int>(chain.bytes.size())) == 1;
  if (!good) return {};
  out.resize(static_cast<std::size_t>(written));
  return out;
}

}  // namespace

AesKey::AesKey(std::string_view bytes) {
  WATCHPOST_INVARIANT(bytes.size() == kAesBlock);
  std::copy(bytes.begin(), bytes.end(), bytes_.begin());
}

AesKey::~AesKey() {
  OPENSSL_cleanse(bytes_.data(), bytes_.size());
}

std::string AesKey::encrypt_block(std::string_view block) const {
  return encrypt_cbc({std::string(kAesBlock, '\0'), block.substr(0, kAesBlock)});
}

std::string AesKey::encrypt_cbc(Chain chain) const {
  return cbc(bytes_.data(), chain, Way::encrypt);
}

std::string AesKey::decrypt_cbc(Chain chain) const {
  return cbc(bytes_.data(), chain, Way::decrypt);
}

std::string AesKey::cmac(std::string_view message) const {
  static const Mac mac(EVP_MAC_fetch(nullptr, "CMAC", nullptr));
  if (!mac) return {};
  const MacRun run(EVP_MAC_CTX_new(mac.get()));
  char name[] = "AES-128-CBC";
  const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_CIPHER, name, 0),
                                   OSSL_PARAM_construct_end()};
  std::string out(kAesBlock, '\0');
  std::size_t written = 0;
  const bool good = run && EVP_MAC_init(run.get(), bytes_.data(), bytes_.size(), parameters) == 1 &&
                    EVP_MAC_update(run.get(), octets(message), message.size()) == 1 &&
                    EVP_MAC_final(run.get(), octets(out), &written, out.size()) == 1;
  return good && written == kAesBlock ? out : std::string();
}

bool operator==(const AesKey& a, const AesKey& b) {
  return CRYPTO_memcmp(a.bytes_.data(), b.bytes_.data(), kAesBlock) == 0;
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace watchpost

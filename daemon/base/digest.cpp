#include "base/digest.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

namespace watchpost {
namespace {

unsigned char* room_in(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}

}  // namespace

std::string sha512(std::string_view bytes) {
  std::string hash(kSha512Size, '\0');
  const int done =
      EVP_Digest(bytes.data(), bytes.size(), room_in(hash), nullptr, EVP_sha512(), nullptr);
  return done == 1 ? hash : std::string();
}

std::string pbkdf2_sha512(const Salted& what, unsigned rounds) {
  std::string hash(kSha512Size, '\0');
  const int done = PKCS5_PBKDF2_HMAC(what.password.data(), static_cast<int>(what.password.size()),
                                     reinterpret_cast<const unsigned char*>(what.salt.data()),
                                     static_cast<int>(what.salt.size()), static_cast<int>(rounds),
                                     EVP_sha512(), static_cast<int>(hash.size()), room_in(hash));
  return done == 1 ? hash : std::string();
}

std::string hmac_sha256(const Keyed& what) {
  std::string hash(EVP_MAX_MD_SIZE, '\0');
  unsigned size = 0;
  const auto* const done = HMAC(EVP_sha256(), what.key.data(), static_cast<int>(what.key.size()),
                                reinterpret_cast<const unsigned char*>(what.message.data()),
                                what.message.size(), room_in(hash), &size);
  hash.resize(done == nullptr ? 0 : size);
  return hash;
}

std::string random_bytes(std::size_t count) {
  std::string bytes(count, '\0');
  return RAND_bytes(room_in(bytes), static_cast<int>(count)) == 1 ? bytes : std::string();
}

}  // namespace watchpost

#include "net/private_authority.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <ctime>
#include <memory>
#include <utility>

namespace watchpost::net {
namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;
using Memory = std::unique_ptr<BIO, decltype(&BIO_free)>;
using Extension = std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)>;

Failure openssl_failed(std::string_view step) {
  const char* const reason = ERR_reason_error_string(ERR_peek_last_error());
  ERR_clear_error();
  return in_both(Failure::Kind::environment,
                 English{fmt::format("OpenSSL failed: {} ({})", step,
                                     reason == nullptr ? "no reason given" : reason),
                         "Look whether the files of the authority are whole"},
                 Chinese{fmt::format("OpenSSL 出错：{}（{}）", step,
                                     reason == nullptr ? "未给出原因" : reason),
                         "请检查 CA 的文件是否完好"});
}

Memory memory_of(const std::string& text) {
  return {BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), &BIO_free};
}

std::string text_in(BIO& memory) {
  std::string text;
  std::array<char, 1024> room{};
  while (true) {
    const int count = BIO_read(&memory, room.data(), static_cast<int>(room.size()));
    if (count <= 0) return text;
    text.append(room.data(), static_cast<std::size_t>(count));
  }
}

Certificate certificate_of(const std::string& pem) {
  const Memory in = memory_of(pem);
  return {PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr), &X509_free};
}

Key key_of(const std::string& pem) {
  const Memory in = memory_of(pem);
  return {PEM_read_bio_PrivateKey(in.get(), nullptr, nullptr, nullptr), &EVP_PKEY_free};
}

std::string pem_of(X509& certificate) {
  const Memory out(BIO_new(BIO_s_mem()), &BIO_free);
  PEM_write_bio_X509(out.get(), &certificate);
  return text_in(*out);
}

std::string pem_of(EVP_PKEY& key) {
  const Memory out(BIO_new(BIO_s_mem()), &BIO_free);
  PEM_write_bio_PrivateKey(out.get(), &key, nullptr, nullptr, 0, nullptr, nullptr);
  return text_in(*out);
}

Key new_key() {
  return {EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"), &EVP_PKEY_free};
}

bool set_serial(X509& certificate) {
  constexpr int kBits = 127;  // RFC 5280 section 4.1.2.2: at most 20 octets, positive
  const std::unique_ptr<BIGNUM, decltype(&BN_free)> number(BN_new(), &BN_free);
  return BN_rand(number.get(), kBits, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY) == 1 &&
         BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(&certificate)) != nullptr;
}

bool set_times(X509& certificate, const Validity& validity) {
  const auto seconds = [](WallTime time) {
    return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
  };
  return ASN1_TIME_set(X509_getm_notBefore(&certificate), seconds(validity.begins)) != nullptr &&
         ASN1_TIME_set(X509_getm_notAfter(&certificate), seconds(validity.ends)) != nullptr;
}

bool set_name(X509& certificate, const std::string& common_name) {
  X509_NAME* const name = X509_get_subject_name(&certificate);
  const auto* const text = reinterpret_cast<const unsigned char*>(common_name.data());
  return X509_NAME_add_entry_by_NID(name, NID_commonName, MBSTRING_UTF8, text,
                                    static_cast<int>(common_name.size()), -1, 0) == 1;
}

struct ExtensionText {
  int nid;
  std::string value;
};
bool add(X509& certificate, X509& issuer, const std::vector<ExtensionText>& extensions) {
  X509V3_CTX context{};
  X509V3_set_ctx(&context, &issuer, &certificate, nullptr, nullptr, 0);
  return std::all_of(extensions.begin(), extensions.end(), [&](const ExtensionText& each) {
    const Extension made(X509V3_EXT_conf_nid(nullptr, &context, each.nid, each.value.c_str()),
                         &X509_EXTENSION_free);
    return made && X509_add_ext(&certificate, made.get(), -1) == 1;
  });
}

std::string alternatives(const CertificateSubject& subject) {
  std::string list;
  const auto put = [&list](std::string_view kind, const std::string& what) {
    if (!list.empty()) list += ',';
    list += fmt::format("{}:{}", kind, what);
  };
  for (const std::string& name : subject.names) put("DNS", name);
  for (const std::string& address : subject.addresses) put("IP", address);
  return list;
}

std::vector<ExtensionText> for_use(CertificateUse use) {
  return {{NID_basic_constraints, "critical,CA:FALSE"},
          {NID_key_usage, "critical,digitalSignature"},
          {NID_ext_key_usage, use == CertificateUse::server ? "serverAuth" : "clientAuth"},
          {NID_subject_key_identifier, "hash"},
          {NID_authority_key_identifier, "keyid"}};
}

// What every certificate has, before its extensions.
bool begin(X509& certificate, EVP_PKEY& key, const Validity& validity) {
  return X509_set_version(&certificate, X509_VERSION_3) == 1 && set_serial(certificate) &&
         set_times(certificate, validity) && X509_set_pubkey(&certificate, &key) == 1;
}

bool end(X509& certificate, X509& issuer, EVP_PKEY& issuer_key) {
  return X509_set_issuer_name(&certificate, X509_get_subject_name(&issuer)) == 1 &&
         X509_sign(&certificate, &issuer_key, EVP_sha256()) > 0;
}

std::string day_of(const ASN1_TIME* time) {
  std::tm day{};
  if (ASN1_TIME_to_tm(time, &day) != 1) return "?";
  std::array<char, 16> text{};
  return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%d", &day)};
}

X509_EXTENSION* alternatives_in(X509& certificate) {
  const int at = X509_get_ext_by_NID(&certificate, NID_subject_alt_name, -1);
  return at < 0 ? nullptr : X509_get_ext(&certificate, at);
}

}  // namespace

Result<CertifiedKey> make_authority(const std::string& common_name, const Validity& validity) {
  const Key key = new_key();
  const Certificate made(X509_new(), &X509_free);
  const bool good = key && made && begin(*made, *key, validity) && set_name(*made, common_name) &&
                    add(*made, *made,
                        {{NID_basic_constraints, "critical,CA:TRUE,pathlen:0"},
                         {NID_key_usage, "critical,keyCertSign,cRLSign"},
                         {NID_subject_key_identifier, "hash"}}) &&
                    end(*made, *made, *key);
  if (!good) return openssl_failed("making an authority");
  return CertifiedKey{pem_of(*made), pem_of(*key)};
}

Result<CertifiedKey> issue(const CertifiedKey& authority, const CertificateSubject& subject,
                           const Validity& validity) {
  const Certificate issuer = certificate_of(authority.certificate);
  const Key issuer_key = key_of(authority.private_key);
  if (!issuer || !issuer_key || X509_check_private_key(issuer.get(), issuer_key.get()) != 1) {
    return openssl_failed("reading the authority and its key");
  }
  const Key key = new_key();
  const Certificate made(X509_new(), &X509_free);
  auto extensions = for_use(subject.use);
  if (auto list = alternatives(subject); !list.empty()) {
    extensions.push_back({NID_subject_alt_name, std::move(list)});
  }
  const bool good = key && made && begin(*made, *key, validity) &&
                    set_name(*made, subject.common_name) && add(*made, *issuer, extensions) &&
                    end(*made, *issuer, *issuer_key);
  if (!good) return openssl_failed("making a certificate");
  return CertifiedKey{pem_of(*made), pem_of(*key)};
}

Result<std::string> renew(const CertifiedKey& authority, const std::string& certificate,
                          const Validity& validity) {
  const Certificate issuer = certificate_of(authority.certificate);
  const Key issuer_key = key_of(authority.private_key);
  const Certificate old = certificate_of(certificate);
  if (!issuer || !issuer_key || !old ||
      X509_check_private_key(issuer.get(), issuer_key.get()) != 1) {
    return openssl_failed("reading the authority, its key and the old certificate");
  }
  const Certificate made(X509_new(), &X509_free);
  X509_EXTENSION* const names = alternatives_in(*old);
  const bool good = made && begin(*made, *X509_get0_pubkey(old.get()), validity) &&
                    X509_set_subject_name(made.get(), X509_get_subject_name(old.get())) == 1 &&
                    add(*made, *issuer, for_use(CertificateUse::server)) &&
                    (names == nullptr || X509_add_ext(made.get(), names, -1) == 1) &&
                    end(*made, *issuer, *issuer_key);
  if (!good) return openssl_failed("renewing a certificate");
  return pem_of(*made);
}

bool is_host_name(const std::string& text) {
  constexpr std::size_t kLongest = 253;  // RFC 1035
  constexpr std::string_view kAllowed =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.";
  const std::string plain = text.starts_with("*.") ? text.substr(2) : text;
  return !plain.empty() && text.size() <= kLongest && plain.front() != '.' && plain.back() != '.' &&
         plain.find("..") == std::string::npos &&
         plain.find_first_not_of(kAllowed) == std::string::npos && !is_host_address(text);
}

bool is_host_address(const std::string& text) {
  std::array<unsigned char, sizeof(in6_addr)> address{};
  return ::inet_pton(AF_INET, text.c_str(), address.data()) == 1 ||
         ::inet_pton(AF_INET6, text.c_str(), address.data()) == 1;
}

Result<CertificateText> text_of(const std::string& certificate) {
  const Certificate read = certificate_of(certificate);
  if (!read) return openssl_failed("reading a certificate");
  CertificateText text;
  text.last_day = day_of(X509_get0_notAfter(read.get()));
  if (X509_EXTENSION* const names = alternatives_in(*read)) {
    const Memory out(BIO_new(BIO_s_mem()), &BIO_free);
    X509V3_EXT_print(out.get(), names, 0, 0);
    text.names = text_in(*out);
  }
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  X509_digest(read.get(), EVP_sha256(), digest.data(), &size);
  for (unsigned i = 0; i < size; ++i) {
    text.sha256 += fmt::format("{}{:02X}", i == 0 ? "" : ":", digest[i]);
  }
  return text;
}

Result<WallTime> end_of(const std::string& certificate) {
  const Certificate read = certificate_of(certificate);
  std::tm parts{};
  if (!read || ASN1_TIME_to_tm(X509_get0_notAfter(read.get()), &parts) != 1) {
    return openssl_failed("reading a certificate");
  }
  return WallTime(std::chrono::seconds(::timegm(&parts)));
}

}  // namespace watchpost::net

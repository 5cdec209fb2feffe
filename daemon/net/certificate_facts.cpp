#include "net/certificate_facts.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <memory>

#include "net/asn1_time.hpp"

namespace watchpost::net {
namespace {

using OpenSslFile = std::unique_ptr<BIO, decltype(&BIO_free)>;

std::string subject_of(const X509& certificate) {
  const OpenSslFile out(BIO_new(BIO_s_mem()), &BIO_free);
  X509_NAME_print_ex(out.get(), X509_get_subject_name(&certificate), 0, XN_FLAG_ONELINE);
  std::array<char, 256> text{};
  const int size = BIO_read(out.get(), text.data(), static_cast<int>(text.size()));
  return {text.data(), size > 0 ? static_cast<std::size_t>(size) : 0};
}

}  // namespace

std::string common_name_of(const X509& certificate) {
  constexpr int kLongest = 256;
  const X509_NAME* const subject = X509_get_subject_name(&certificate);
  const int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
  if (at < 0 || X509_NAME_get_index_by_NID(subject, NID_commonName, at) >= 0) return {};
  unsigned char* text = nullptr;
  const int size =
      ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
  if (size <= 0) return {};
  std::string name(text, text + std::min(size, kLongest + 1));
  OPENSSL_free(text);
  const bool is_fit = size <= kLongest && std::none_of(name.begin(), name.end(), [](char c) {
                        return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
                      });
  return is_fit ? name : std::string();
}

std::optional<CertificateFacts> certificate_in(const std::string& file) {
  if (file.empty()) return std::nullopt;
  const OpenSslFile in(BIO_new_file(file.c_str(), "r"), &BIO_free);
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(
      in ? PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr) : nullptr, &X509_free);
  ERR_clear_error();
  if (!certificate) return std::nullopt;
  const bool is_over = X509_cmp_current_time(X509_get0_notAfter(certificate.get())) < 0;
  return CertificateFacts{subject_of(*certificate), day_of(*X509_get0_notAfter(certificate.get())),
                          is_over, wall_time_of(*X509_get0_notBefore(certificate.get())),
                          wall_time_of(*X509_get0_notAfter(certificate.get()))};
}

}  // namespace watchpost::net

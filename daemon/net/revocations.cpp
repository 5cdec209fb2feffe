#include "net/revocations.hpp"

#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <memory>

#include "model/trouble_catalogue.hpp"
#include "net/asn1_time.hpp"

namespace watchpost::net {
namespace {

struct FreeCrl {
  void operator()(X509_CRL* crl) const { X509_CRL_free(crl); }
};
using Crl = std::unique_ptr<X509_CRL, FreeCrl>;

struct CloseBio {
  void operator()(BIO* bio) const { BIO_free(bio); }
};

}  // namespace

std::optional<RevocationFacts> revocations_in(const std::string& file) {
  if (file.empty()) return std::nullopt;
  const std::unique_ptr<BIO, CloseBio> in(BIO_new_file(file.c_str(), "rb"));
  if (!in) return std::nullopt;
  std::optional<RevocationFacts> facts;
  while (const Crl crl{PEM_read_bio_X509_CRL(in.get(), nullptr, nullptr, nullptr)}) {
    if (!facts) facts.emplace();
    const ASN1_TIME* const next = X509_CRL_get0_nextUpdate(crl.get());
    if (next == nullptr) continue;
    const WallTime at = wall_time_of(*next);
    if (facts->next && *facts->next <= at) continue;
    facts->next = at;
    facts->next_day = day_of(*next);
  }
  return facts;
}

Result<void> heed_revocations(SSL_CTX& context, const std::string& file) {
  X509_STORE* const store = SSL_CTX_get_cert_store(&context);
  X509_LOOKUP* const lookup = X509_STORE_add_lookup(store, X509_LOOKUP_file());
  if (lookup == nullptr || X509_load_crl_file(lookup, file.c_str(), X509_FILETYPE_PEM) < 1) {
    return failure_of(Failure::Kind::environment,
                      trouble<TroubleCode::tls_file>(
                          arg<"file">(file), arg<"why">(std::string("no list (CRL) in PEM"))));
  }
  X509_STORE_set_flags(store, X509_V_FLAG_CRL_CHECK);
  return {};
}

bool is_only_age_of_list(int error) {
  return error == X509_V_ERR_CRL_HAS_EXPIRED || error == X509_V_ERR_CRL_NOT_YET_VALID;
}

}  // namespace watchpost::net

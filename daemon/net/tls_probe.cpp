#include "net/tls_probe.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string_view>
#include <utility>

#include "base/clock.hpp"
#include "model/trouble_catalogue.hpp"
#include "net/certificate_facts.hpp"

namespace watchpost::net {
namespace {

using Code = TroubleCode;
using Context = std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)>;
using Chain = std::unique_ptr<BIO, decltype(&BIO_free_all)>;

constexpr int kLookAgainMilliseconds = 20;

std::string last_error() {
  const auto code = ERR_peek_last_error();
  if (ERR_SYSTEM_ERROR(code)) return std::generic_category().message(ERR_GET_REASON(code));
  const char* const reason = ERR_reason_error_string(code);
  return reason == nullptr ? "no answer" : reason;
}

// The date without the time of day, so that each attempt says the same.
std::string today() {
  constexpr std::size_t kDateLength = 10;
  return to_rfc3339(SystemClock().wall()).substr(0, kDateLength);
}

}  // namespace

void expect_host(SSL* tls, const std::string& host) {
  if (X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(tls), host.c_str()) == 1) return;
  ERR_clear_error();
  SSL_set1_host(tls, host.c_str());
  // This is SSL_set_tlsext_host_name(), whose macro holds a C cast that g++ refuses.
  std::string name = host;
  SSL_ctrl(tls, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, name.data());
}

Failure certificate_failure(const Url& url, long verdict) {
  const auto refused = [](Trouble trouble) {
    return failure_of(Failure::Kind::refused, std::move(trouble));
  };
  const auto address = arg<"url">(url.text());
  switch (verdict) {
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return refused(trouble<Code::tls_name>(address, arg<"host">(url.host)));
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return refused(trouble<Code::tls_expired>(address, arg<"date">(today())));
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return refused(trouble<Code::tls_not_yet_valid>(address, arg<"date">(today())));
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
      return refused(trouble<Code::tls_self_signed>(address));
    default:
      return refused(trouble<Code::tls_not_trusted>(
          address, arg<"why">(X509_verify_cert_error_string(verdict))));
  }
}

Failure ended_after_certificate(const Url& url, const std::string& own_certificate) {
  const auto address = arg<"url">(url.text());
  const auto own = certificate_in(own_certificate);
  if (!own) {
    return failure_of(Failure::Kind::refused, trouble<Code::tls_certificate_wanted>(address));
  }
  return failure_of(Failure::Kind::refused,
                    trouble<Code::tls_certificate_refused>(address, arg<"file">(own_certificate),
                                                           arg<"client">(own->subject),
                                                           arg<"date">(own->last_day)));
}

Failure tls_trouble(const TlsQuestion& question) {
  ERR_clear_error();
  const Context context(SSL_CTX_new(TLS_client_method()), &SSL_CTX_free);
  const bool trusts = question.ca_file.empty()
                          ? SSL_CTX_set_default_verify_paths(context.get()) == 1
                          : SSL_CTX_load_verify_file(context.get(), question.ca_file.c_str()) == 1;
  if (!trusts) {
    return failure_of(
        Failure::Kind::invalid_input,
        trouble<Code::tls_authorities>(arg<"file">(question.ca_file), arg<"why">(last_error())));
  }
  // OpenSSL does not end the handshake over the certificate; the verdict is looked at below and
  // told.
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_NONE, nullptr);
  const Chain chain(BIO_new_ssl_connect(context.get()), &BIO_free_all);
  SSL* tls = nullptr;
  BIO_get_ssl(chain.get(), &tls);
  BIO_set_conn_hostname(chain.get(), question.url.host.c_str());
  BIO_set_conn_port(chain.get(), std::to_string(question.url.port).c_str());
  BIO_set_nbio(chain.get(), 1);
  expect_host(tls, question.url.host);
  const int seconds = static_cast<int>(question.within.count());
  if (BIO_do_connect_retry(chain.get(), seconds, kLookAgainMilliseconds) != 1) {
    return failure_of(
        Failure::Kind::unavailable,
        trouble<Code::tls_not_reached>(arg<"url">(question.url.text()), arg<"why">(last_error())));
  }
  const long verdict = SSL_get_verify_result(tls);
  if (question.verify_server && verdict != X509_V_OK) {
    return certificate_failure(question.url, verdict);
  }
  return ended_after_certificate(question.url, question.own_certificate);
}

}  // namespace watchpost::net

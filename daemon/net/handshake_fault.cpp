#include "net/handshake_fault.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include <boost/asio/ssl/error.hpp>
#include <string>

namespace watchpost::net {
namespace {

// Boost gives its base no virtual destructor, because no category is ever destroyed by it.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wnon-virtual-dtor"
class FaultCategory final : public boost::system::error_category {
 public:
  [[nodiscard]] const char* name() const noexcept override { return "watchpost.handshake"; }
  [[nodiscard]] std::string message(int value) const override {
    return "handshake fault " + std::to_string(value);
  }
};
#pragma GCC diagnostic pop

const FaultCategory& category() {
  static const FaultCategory only;
  return only;
}

HandshakeFault fault_of_certificate(long verdict) {
  if (verdict == X509_V_ERR_CERT_REVOKED) return HandshakeFault::certificate_revoked;
  if (verdict == X509_V_ERR_UNABLE_TO_GET_CRL) return HandshakeFault::no_list;
  const bool is_time =
      verdict == X509_V_ERR_CERT_HAS_EXPIRED || verdict == X509_V_ERR_CERT_NOT_YET_VALID;
  return is_time ? HandshakeFault::certificate_over : HandshakeFault::certificate_refused;
}

}  // namespace

Error make_error_code(HandshakeFault fault) {
  return {static_cast<int>(fault), category()};
}

HandshakeFault fault_in(const Error& error) {
  if (!error || error.category() != category()) return HandshakeFault::none;
  return static_cast<HandshakeFault>(error.value());
}

Speech speech_of(char first_byte) {
  constexpr char kTlsHandshake = 0x16;  // RFC 8446 section 5.1
  constexpr char kConnect = 0x10;       // MQTT 5.0 section 3.1.1
  if (first_byte == kTlsHandshake) return Speech::tls;
  if (first_byte == kConnect) return Speech::mqtt;
  return first_byte >= 'A' && first_byte <= 'Z' ? Speech::http : Speech::unknown;
}

Error server_handshake_error(const Error& error, long verdict) {
  if (error.category() != boost::asio::error::get_ssl_category()) return error;
  switch (ERR_GET_REASON(static_cast<unsigned long>(error.value()))) {
    case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE:
      return make_error_code(HandshakeFault::no_certificate);
    case SSL_R_CERTIFICATE_VERIFY_FAILED:
      return make_error_code(fault_of_certificate(verdict));
    case SSL_R_PSK_IDENTITY_NOT_FOUND:
    case SSL_R_BINDER_DOES_NOT_VERIFY:
      return make_error_code(HandshakeFault::key_unknown);
    case SSL_R_TLSV1_ALERT_UNKNOWN_CA:
    case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED:
    case SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE:
      return make_error_code(HandshakeFault::distrusts_us);
    case SSL_R_UNSUPPORTED_PROTOCOL:
    case SSL_R_VERSION_TOO_LOW:
    case SSL_R_NO_SHARED_CIPHER:
    case SSL_R_NO_SUITABLE_SIGNATURE_ALGORITHM:
    case SSL_R_TLSV1_ALERT_PROTOCOL_VERSION:
    case SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE:
      return make_error_code(HandshakeFault::tls_version);
    default:
      return make_error_code(HandshakeFault::broken_tls);
  }
}

}  // namespace watchpost::net

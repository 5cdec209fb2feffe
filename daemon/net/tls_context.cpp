#include "net/tls_context.hpp"

#include "model/trouble_catalogue.hpp"

namespace watchpost::net {
namespace {

namespace ssl = boost::asio::ssl;
using boost::system::error_code;

Failure unusable(const std::string& file, const error_code& error) {
  return failure_of(Failure::Kind::environment,
                    trouble<TroubleCode::tls_file>(arg<"file">(file), arg<"why">(error.message())));
}

TlsContext of_role(ssl::context::method role) {
  auto context = std::make_shared<ssl::context>(role);
  // OpenSSL would ask for the passphrase of a key on the terminal; an empty answer prevents that.
  context->set_password_callback([](std::size_t, ssl::context::password_purpose) { return ""; });
  context->set_options(ssl::context::default_workarounds | ssl::context::no_tlsv1 |
                       ssl::context::no_tlsv1_1);
  return context;
}

Result<void> show(ssl::context& context, const std::string& certificate, const std::string& key) {
  error_code error;
  context.use_certificate_chain_file(certificate, error);
  if (error) return unusable(certificate, error);
  // This fails also where the key is not that of this certificate.
  context.use_private_key_file(key, ssl::context::pem, error);
  if (error) return unusable(key, error);
  return {};
}

Result<void> trust(ssl::context& context, const std::string& authorities) {
  error_code error;
  if (authorities.empty()) {
    context.set_default_verify_paths(error);
    if (error) return unusable("The system's store of certificates", error);
  } else {
    context.load_verify_file(authorities, error);
    if (error) return unusable(authorities, error);
  }
  return {};
}

// The server's own choices. Every cipher keeps what was said secret also from those who get the
// key later, and knows who changed a byte; old devices that can do neither are not let in.
Result<void> set_up_server(SSL_CTX& context) {
  SSL_CTX_set_options(&context, SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA |
                                    SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  if (SSL_CTX_set_cipher_list(&context, "ECDHE+AESGCM:ECDHE+CHACHA20:DHE+AESGCM:!aNULL") != 1) {
    return Failure{Failure::Kind::environment, "OpenSSL on this box has no ciphers for TLS 1.2",
                   "Look at openssl.cnf (`openssl ciphers` lists those that it allows)"};
  }
  // Clients that come back prove themselves by tickets, which cost this box no memory.
  SSL_CTX_set_session_cache_mode(&context, SSL_SESS_CACHE_OFF);
  constexpr unsigned char kSessions[] = {'m', 'q', 't', 't'};  // NOLINT: OpenSSL's own form
  SSL_CTX_set_session_id_context(&context, kSessions, sizeof(kSessions));
  return {};
}

// Tells clients that have several certificates which one is wanted.
void name_authorities(SSL_CTX& context, const std::string& file) {
  auto* const names = SSL_load_client_CA_file(file.c_str());
  if (names != nullptr) SSL_CTX_set_client_CA_list(&context, names);  // which takes them over
}

}  // namespace

Result<TlsContext> client_context(const TlsFiles& files) {
  auto context = of_role(ssl::context::tls_client);
  if (auto trusted = trust(*context, files.ca_file); !trusted) return trusted.error();
  if (!files.certificate.empty()) {
    auto shown = show(*context, files.certificate, files.private_key);
    if (!shown) return shown.error();
  }
  context->set_verify_mode(files.verify_server ? ssl::verify_peer : ssl::verify_none);
  return context;
}

Result<TlsContext> server_context(const ServerFiles& files) {
  auto context = of_role(ssl::context::tls_server);
  if (auto set = set_up_server(*context->native_handle()); !set) return set.error();
  if (auto shown = show(*context, files.certificate, files.private_key); !shown) {
    return shown.error();
  }
  if (!files.client_ca.empty()) {
    if (auto trusted = trust(*context, files.client_ca); !trusted) return trusted.error();
    const bool required = files.client_certificates == ClientCertificates::required;
    context->set_verify_mode(required ? ssl::verify_peer | ssl::verify_fail_if_no_peer_cert
                                      : ssl::verify_peer);
    name_authorities(*context->native_handle(), files.client_ca);
  }
  return context;
}

}  // namespace watchpost::net

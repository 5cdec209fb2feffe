#include "net/tls_context.hpp"

#include <algorithm>
#include <cstring>

#include "model/trouble_catalogue.hpp"
#include "net/revocations.hpp"
#include "net/shared_key_name.hpp"
#include "net/shared_keys.hpp"

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

// A context and what its callbacks look at; they live as long as each other.
struct KeyedContext {
  explicit KeyedContext(SharedKeys all) : keys(std::move(all)) {}
  SharedKeys keys;
  TlsContext context;
};

// In a context; what OpenSSL calls its app data is Asio's.
int place_of_keys() {
  static const int place = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return place;
}

unsigned find_key(SSL* tls, const char* identity, unsigned char* key, unsigned room) {
  const auto* const keys =
      static_cast<const SharedKeys*>(SSL_CTX_get_ex_data(SSL_get_SSL_CTX(tls), place_of_keys()));
  const std::string* const found = keys->find(identity);
  if (found == nullptr || found->size() > room) return 0;
  set_shared_key_name(*tls, identity);
  std::memcpy(key, found->data(), found->size());
  return static_cast<unsigned>(found->size());
}

// The suites keep what was said secret also from those who get a key later. A ticket would bring a
// client back without its identity, so there are none.
Result<TlsContext> with_shared_keys(TlsContext context, const std::string& file) {
  auto keys = SharedKeys::load(file);
  if (!keys) return keys.error();
  SSL_CTX* const native = context->native_handle();
  constexpr const char* kSuites =
      "ECDHE+AESGCM:ECDHE+CHACHA20:DHE+AESGCM:ECDHE-PSK-CHACHA20-POLY1305:DHE-PSK-AES128-GCM-"
      "SHA256:"
      "DHE-PSK-AES256-GCM-SHA384:DHE-PSK-CHACHA20-POLY1305:ECDHE-PSK-AES128-CBC-SHA256:"
      "ECDHE-PSK-AES256-CBC-SHA384:!aNULL";
  if (SSL_CTX_set_cipher_list(native, kSuites) != 1) {
    return Failure{Failure::Kind::environment, "OpenSSL on this box has no ciphers for TLS-PSK",
                   "Look at openssl.cnf (`openssl ciphers -psk` lists those that it allows)"};
  }
  SSL_CTX_set_options(native, SSL_OP_NO_TICKET);
  SSL_CTX_set_num_tickets(native, 0);
  auto kept = std::make_shared<KeyedContext>(std::move(*keys));
  SSL_CTX_set_ex_data(native, place_of_keys(), &kept->keys);
  SSL_CTX_set_psk_server_callback(native, &find_key);
  kept->context = std::move(context);
  return TlsContext(kept, kept->context.get());
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
  if (!files.certificate.empty()) {
    auto shown = show(*context, files.certificate, files.private_key);
    if (!shown) return shown.error();
  }
  if (!files.client_ca.empty()) {
    if (auto trusted = trust(*context, files.client_ca); !trusted) return trusted.error();
    if (!files.revoked.empty()) {
      auto heeded = heed_revocations(*context->native_handle(), files.revoked);
      if (!heeded) return heeded.error();
    }
    context->set_verify_callback([](bool is_good, ssl::verify_context& verification) {
      auto* const native = verification.native_handle();
      if (is_good || !is_only_age_of_list(X509_STORE_CTX_get_error(native))) return is_good;
      X509_STORE_CTX_set_error(native, X509_V_OK);
      return true;
    });
    const bool required = files.client_certificates == ClientCertificates::required;
    context->set_verify_mode(required ? ssl::verify_peer | ssl::verify_fail_if_no_peer_cert
                                      : ssl::verify_peer);
    name_authorities(*context->native_handle(), files.client_ca);
  }
  if (!files.shared_keys.empty()) return with_shared_keys(std::move(context), files.shared_keys);
  return context;
}

}  // namespace watchpost::net

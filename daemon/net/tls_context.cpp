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
  if (auto shown = show(*context, files.certificate, files.private_key); !shown) {
    return shown.error();
  }
  if (!files.client_ca.empty()) {
    if (auto trusted = trust(*context, files.client_ca); !trusted) return trusted.error();
    context->set_verify_mode(ssl::verify_peer | ssl::verify_fail_if_no_peer_cert);
  }
  return context;
}

}  // namespace watchpost::net

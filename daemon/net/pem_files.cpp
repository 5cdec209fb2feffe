#include "net/pem_files.hpp"

#include <boost/asio/ssl/context.hpp>

namespace watchpost::net {

PemVerdict look_at(const PemFiles& files) {
  using Context = boost::asio::ssl::context;
  Context context(Context::tls_client);
  // OpenSSL would ask for a passphrase on the terminal; an empty answer prevents that.
  context.set_password_callback([](std::size_t, Context::password_purpose) { return ""; });
  PemVerdict verdict;
  boost::system::error_code error;
  if (!files.ca_file.empty()) {
    context.load_verify_file(files.ca_file.string(), error);
    verdict.ca_is_good = !error;
  }
  if (files.cert_file.empty() || files.key_file.empty()) return verdict;
  context.use_certificate_chain_file(files.cert_file.string(), error);
  verdict.certificate_is_good = !error;
  context.use_private_key_file(files.key_file.string(), Context::pem, error);
  verdict.key_fits = !error;
  return verdict;
}

}  // namespace watchpost::net

#include "net/certificates.hpp"

#include "net/tls_context.hpp"

namespace watchpost::net {

Result<std::shared_ptr<ServerCertificates>> ServerCertificates::load(const ServerFiles& files) {
  auto certificates = std::make_shared<ServerCertificates>();
  certificates->files_ = files;
  if (auto loaded = certificates->reload(); !loaded) return loaded.error();
  return certificates;
}

Result<void> ServerCertificates::reload() {
  auto context = server_context(files_);
  if (!context) return context.error();
  context_ = std::move(*context);
  return {};
}

}  // namespace watchpost::net

#include "net/certificates.hpp"

#include <sys/stat.h>

#include "net/tls_context.hpp"

namespace watchpost::net {

FileStamp stamp_of(const std::string& file) {
  constexpr std::int64_t kNanoseconds = 1'000'000'000;
  struct stat status {};
  if (file.empty() || ::stat(file.c_str(), &status) != 0) return {};
  return {status.st_ino, status.st_size,
          std::int64_t{status.st_ctim.tv_sec} * kNanoseconds + status.st_ctim.tv_nsec};
}

Result<std::shared_ptr<ServerCertificates>> ServerCertificates::load(const ServerFiles& files) {
  auto certificates = std::make_shared<ServerCertificates>();
  certificates->files_ = files;
  certificates->change_.begin(certificates->stamps());
  if (auto loaded = certificates->reload(); !loaded) return loaded.error();
  return certificates;
}

Result<void> ServerCertificates::reload() {
  auto context = server_context(files_);
  if (!context) return context.error();
  context_ = std::move(*context);
  facts_ = certificate_in(files_.certificate).value_or(CertificateFacts{});
  revocations_ = revocations_in(files_.revoked);
  return {};
}

ServerCertificates::Look ServerCertificates::look() {
  if (!change_.is_due(stamps())) return Look::unchanged;
  if (auto reloaded = reload(); !reloaded) {
    refusal_ = reloaded.error();
    return Look::refused;
  }
  refusal_.reset();
  return Look::renewed;
}

FileStamps ServerCertificates::stamps() const {
  return {stamp_of(files_.certificate), stamp_of(files_.private_key), stamp_of(files_.client_ca),
          stamp_of(files_.revoked), stamp_of(files_.shared_keys)};
}

}  // namespace watchpost::net

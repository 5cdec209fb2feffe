// ServerCertificates: what a listening socket shows to its clients over TLS.
// Promise: files that do not fit together are refused with the file's name and what to do, before
// anything changes. After `reload`, or a `look` that found new files, new connections are shown the
// new certificate; those that stand go on. TLS 1.2 and later. I/O thread only.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "net/certificate_facts.hpp"
#include "net/file_stamps.hpp"
#include "net/revocations.hpp"

namespace boost::asio::ssl {
class context;
}

namespace watchpost::net {

enum class ClientCertificates : std::uint8_t { required, optional };

struct ServerFiles {
  std::string certificate;  // PEM, with the chain behind it
  std::string private_key;  // PEM
  std::string client_ca;    // PEM, who signs the clients' certificates; empty: clients need none
  ClientCertificates client_certificates = ClientCertificates::required;
  std::string revoked{};      // PEM, the lists of those who sign them (CRL); empty: none
  std::string shared_keys{};  // see shared_keys.hpp; empty: none. Then a certificate may be missing
  friend bool operator==(const ServerFiles&, const ServerFiles&) = default;
};

class ServerCertificates {
 public:
  [[nodiscard]] static Result<std::shared_ptr<ServerCertificates>> load(const ServerFiles& files);

  // Reads the same files again. After a Failure clients are still shown the old certificate.
  [[nodiscard]] Result<void> reload();
  // Reads them again if they changed and have stood still from one look to the next. Called every
  // few seconds.
  enum class Look : std::uint8_t { unchanged, renewed, refused };
  [[nodiscard]] Look look();
  // Why the files that are there now are not used; nothing where they are.
  [[nodiscard]] const std::optional<Failure>& refusal() const { return refusal_; }
  // Of the list of revoked certificates; nothing where there is none.
  [[nodiscard]] const std::optional<RevocationFacts>& revocations() const { return revocations_; }
  // Of the certificate that is shown.
  [[nodiscard]] const CertificateFacts& facts() const { return facts_; }
  [[nodiscard]] const ServerFiles& files() const { return files_; }
  // The settings for the next connection, which keeps them.
  [[nodiscard]] std::shared_ptr<boost::asio::ssl::context> context() const { return context_; }

 private:
  [[nodiscard]] FileStamps stamps() const;

  ServerFiles files_;
  std::shared_ptr<boost::asio::ssl::context> context_;
  CertificateFacts facts_;
  std::optional<RevocationFacts> revocations_;
  FinishedChange change_;
  std::optional<Failure> refusal_;
};

}  // namespace watchpost::net

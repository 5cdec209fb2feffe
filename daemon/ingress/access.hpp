// Access: who is let in to a listener, and what they may do there.
// Promise: with a password file, a client that gives a user name must prove it, also where none is
// needed; passwords are compared on another thread. Everybody who is let in may publish.
// I/O thread.
#pragma once

#include <memory>
#include <utility>

#include "ingress/credentials.hpp"
#include "ingress/password_checks.hpp"
#include "protocol/authenticator.hpp"
#include "protocol/authoriser.hpp"

namespace watchpost::ingress {

enum class Anonymous : bool { refused, admitted };

class PasswordFile final : public protocol::Authenticator {
 public:
  // Null credentials: no user is known, and a client with a user name counts as one without.
  PasswordFile(Anonymous anonymous, std::shared_ptr<const Credentials> credentials,
               std::shared_ptr<PasswordChecks> checks)
      : anonymous_(anonymous), credentials_(std::move(credentials)), checks_(std::move(checks)) {}

  void authenticate(protocol::Claim claim, Answer answer) override;

 private:
  Anonymous anonymous_;
  std::shared_ptr<const Credentials> credentials_;
  std::shared_ptr<PasswordChecks> checks_;
};

// A client with a certificate is who the certificate names, whatever its CONNECT says; the others
// prove themselves as on a port without certificates.
class CertificateNames final : public protocol::Authenticator {
 public:
  explicit CertificateNames(std::shared_ptr<protocol::Authenticator> others)
      : others_(std::move(others)) {}

  void authenticate(protocol::Claim claim, Answer answer) override;

 private:
  std::shared_ptr<protocol::Authenticator> others_;
};

class EverybodyMayPublish final : public protocol::Authoriser {
 public:
  [[nodiscard]] bool may_publish(const protocol::Identity&, const Topic&) const override {
    return true;
  }
};

}  // namespace watchpost::ingress

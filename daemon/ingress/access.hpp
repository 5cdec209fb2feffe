// Access: who is let in at an address of ours, and what they may do there.
// Promise: with a password file, a client that gives a user name must prove it, also where none is
// needed; passwords are compared on another thread, and guessing is slowed. What is set may be
// replaced at any time, as a whole: from then on everybody is judged by the new terms, also those
// who were let in before.
// I/O thread.
#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include "accounts/access_rules.hpp"
#include "accounts/credentials.hpp"
#include "base/clock.hpp"
#include "ingress/denial_book.hpp"
#include "ingress/guarded_checks.hpp"
#include "protocol/authenticator.hpp"
#include "protocol/authoriser.hpp"

namespace watchpost::ingress {

enum class Anonymous : bool { refused, admitted };

struct AccessTerms {
  Anonymous anonymous = Anonymous::refused;
  // Null: no user is known, and a client with a user name counts as one without.
  std::shared_ptr<const accounts::Credentials> credentials{};
  // Null: everybody may publish; what is read is said by the next two.
  std::shared_ptr<const accounts::AccessRules> rules{};
  bool everybody_reads = true;
  // Users that may read everything where not everybody may; see accounts/device_default.hpp.
  std::set<std::string, std::less<>> readers{};
};

// The terms of one address, and what they allow.
class AddressAccess final : public protocol::Authoriser {
 public:
  struct Witness {  // who is told what was withheld; outlives the AddressAccess
    DenialBook& book;
    const Clock& clock;
    std::uint16_t port = 0;
  };
  AddressAccess(AccessTerms terms, Witness witness) : terms_(std::move(terms)), witness_(witness) {}

  void use(AccessTerms terms) { terms_ = std::move(terms); }
  // Would a client that was let in by the terms `before` be let in by ours, with what it has shown?
  [[nodiscard]] bool still_admits(const protocol::Identity& identity,
                                  const AccessTerms& before) const;
  [[nodiscard]] const AccessTerms& terms() const { return terms_; }

  [[nodiscard]] bool may_publish(const protocol::Identity& identity,
                                 const Topic& topic) const override;
  [[nodiscard]] bool may_subscribe(const protocol::Identity& identity,
                                   const TopicFilter& filter) const override;
  [[nodiscard]] bool may_get(const protocol::Identity& identity,
                             const protocol::OnItsWay& message) const override;
  [[nodiscard]] bool is_known(const protocol::Identity& identity) const override;
  [[nodiscard]] std::string decided_by(const protocol::Identity& identity, protocol::Wish wish,
                                       std::string_view topic) const override;

 private:
  [[nodiscard]] bool reads_all(const protocol::Identity& identity) const;

  AccessTerms terms_;
  Witness witness_;
};

class PasswordFile final : public protocol::Authenticator {
 public:
  PasswordFile(std::shared_ptr<const AddressAccess> access, std::shared_ptr<GuardedChecks> checks)
      : access_(std::move(access)), checks_(std::move(checks)) {}

  void authenticate(protocol::Claim claim, Answer answer) override;

 private:
  std::shared_ptr<const AddressAccess> access_;
  std::shared_ptr<GuardedChecks> checks_;
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

}  // namespace watchpost::ingress

#include "ingress/access.hpp"

#include <memory>
#include <string>
#include <utility>

namespace watchpost::ingress {

using protocol::Identity;
using protocol::Proof;
using protocol::Refusal;

void PasswordFile::authenticate(protocol::Claim claim, Answer answer) {
  if (!claim.user_name || !credentials_) {
    if (anonymous_ == Anonymous::refused) {
      answer(Refusal::no_user_name);
    } else {
      answer(Identity{claim.client_id, "", claim.address, Proof::nothing});
    }
    return;
  }
  const std::string user = *claim.user_name;
  const std::string password = claim.password.value_or("");
  PasswordChecks::Request request;
  request.asker = claim.asker;
  request.held = ByteCount(claim.held.value + user.size() + password.size());
  request.check = [credentials = credentials_, user, password] {
    return credentials->verify({.user_name = user, .password = password});
  };
  const bool is_known = credentials_->knows(user);
  Identity identity{claim.client_id, user, claim.address, Proof::password};
  request.answer = [answer, identity, is_known](bool is_right) {
    if (is_right) {
      answer(identity);
    } else {
      answer(is_known ? Refusal::wrong_password : Refusal::unknown_user);
    }
  };
  if (!checks_->ask(std::move(request))) answer(Refusal::busy);
}

void CertificateNames::authenticate(protocol::Claim claim, Answer answer) {
  if (claim.proven_name.empty()) return others_->authenticate(std::move(claim), std::move(answer));
  answer(Identity{std::move(claim.client_id), std::move(claim.proven_name),
                  std::move(claim.address), Proof::certificate});
}

}  // namespace watchpost::ingress

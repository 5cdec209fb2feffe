#include "ingress/access.hpp"

#include <memory>
#include <string>
#include <utility>

#include "accounts/device_default.hpp"

namespace watchpost::ingress {
namespace {

accounts::Actor actor_of(const protocol::Identity& identity) {
  return {identity.user, identity.client_id};
}

}  // namespace

using accounts::Right;
using protocol::Identity;
using protocol::Proof;
using protocol::Refusal;

bool AddressAccess::may_publish(const Identity& identity, const Topic& topic) const {
  return !terms_.rules || terms_.rules->allows(actor_of(identity), Right::write, topic.text());
}

bool AddressAccess::reads_all(const Identity& identity) const {
  return terms_.everybody_reads ||
         (!identity.user.empty() && terms_.readers.contains(identity.user));
}

bool AddressAccess::may_subscribe(const Identity& identity, const TopicFilter& filter) const {
  if (terms_.rules) return terms_.rules->allows_some(actor_of(identity), filter);
  return reads_all(identity) || accounts::device_may_subscribe(actor_of(identity), filter.text());
}

bool AddressAccess::may_get(const Identity& identity, const protocol::OnItsWay& message) const {
  if (terms_.rules) return terms_.rules->allows(actor_of(identity), Right::read, message.topic);
  if (reads_all(identity)) return true;
  if (accounts::device_may_get(actor_of(identity), {message.topic, message.publisher})) return true;
  witness_.book.withheld({identity, std::string(message.topic), {}, witness_.port},
                         witness_.clock.steady());
  return false;
}

bool AddressAccess::is_known(const Identity& identity) const {
  switch (identity.proof) {
    case Proof::nothing:
      return terms_.anonymous == Anonymous::admitted;
    case Proof::password:
      return terms_.credentials && terms_.credentials->knows(identity.user);
    case Proof::certificate:
      return true;
  }
  return false;
}

bool AddressAccess::still_admits(const Identity& identity, const AccessTerms& before) const {
  if (identity.proof != Proof::password || !before.credentials) return is_known(identity);
  return terms_.credentials && terms_.credentials->keeps(identity.user, *before.credentials);
}

std::string AddressAccess::decided_by(const Identity& identity, protocol::Wish wish,
                                      std::string_view topic) const {
  if (!terms_.rules) return "readers";
  const Right right = wish == protocol::Wish::publish ? Right::write : Right::read;
  return terms_.rules->decided_by(actor_of(identity), right, topic);
}

void PasswordFile::authenticate(protocol::Claim claim, Answer answer) {
  const AccessTerms& terms = access_->terms();
  if (!claim.user_name || !terms.credentials) {
    if (terms.anonymous == Anonymous::refused) {
      answer(Refusal::no_user_name);
    } else {
      answer(Identity{claim.client_id, "", claim.address, Proof::nothing});
    }
    return;
  }
  GuardedChecks::Login login;
  login.address = claim.address;
  login.user = *claim.user_name;
  login.password = claim.password.value_or("");
  login.credentials = terms.credentials;
  login.asker = claim.asker;
  login.held = ByteCount(claim.held.value + login.user.size() + login.password.size());
  Identity identity{std::move(claim.client_id), login.user, login.address, Proof::password};
  const bool is_known = terms.credentials->knows(login.user);
  // The account may be gone, or have another password, by the time the answer comes.
  auto judged = [answer, identity, is_known, access = access_,
                 asked = login.credentials](GuardedChecks::Outcome outcome) {
    using Outcome = GuardedChecks::Outcome;
    const auto& now = access->terms().credentials;
    const bool is_still_right = now == asked || (now && now->keeps(identity.user, *asked));
    if (outcome == Outcome::busy) {
      answer(Refusal::busy);
    } else if (outcome == Outcome::slowed) {
      answer(Refusal::slowed);
    } else if (outcome == Outcome::right && is_still_right) {
      answer(identity);
    } else {
      answer(is_known ? Refusal::wrong_password : Refusal::unknown_user);
    }
  };
  checks_->check(std::move(login), std::move(judged));
}

void CertificateNames::authenticate(protocol::Claim claim, Answer answer) {
  if (claim.proven_name.empty()) return others_->authenticate(std::move(claim), std::move(answer));
  answer(Identity{std::move(claim.client_id), std::move(claim.proven_name),
                  std::move(claim.address), Proof::certificate});
}

}  // namespace watchpost::ingress

#include "ingress/denial_book.hpp"

#include <utility>

#include "ingress/complaints.hpp"

namespace watchpost::ingress {
namespace {

// Of a client without a user name.
std::string user_of(const protocol::Identity& who) {
  return who.user.empty() ? std::string("-") : printable(who.user);
}

template <TroubleCode code>
Trouble denial(const Denied& denied, std::uint64_t times) {
  return trouble<code>(arg<"client">(printable(denied.who.client_id)),
                       arg<"address">(denied.who.address), arg<"user">(user_of(denied.who)),
                       arg<"topic">(printable(denied.topic)), arg<"line">(denied.decided_by),
                       arg<"times">(times));
}

}  // namespace

std::string by_whom(const std::string& decided_by) {
  return decided_by.empty() ? std::string() : " (" + decided_by + " decides)";
}

const DenialBook::Denials::Entry& DenialBook::note(Denials& denials, Denied denied,
                                                   SteadyTime now) {
  std::string client_id = denied.who.client_id;
  return denials.note(std::move(client_id), std::move(denied), now);
}

Trouble DenialBook::may_not_publish(Denied denied, SteadyTime now) {
  const auto& [what, times, at] = note(publishing_, std::move(denied), now);
  return denial<TroubleCode::client_may_not_publish>(what, times);
}

Trouble DenialBook::may_not_subscribe(Denied denied, SteadyTime now) {
  const auto& [what, times, at] = note(subscribing_, std::move(denied), now);
  return denial<TroubleCode::client_may_not_subscribe>(what, times);
}

void DenialBook::withheld(Denied denied, SteadyTime now) {
  note(withheld_, std::move(denied), now);
}

void DenialBook::forget() {
  publishing_.forget_all();
  subscribing_.forget_all();
  withheld_.forget_all();
}

std::vector<Trouble> DenialBook::troubles(SteadyTime now) const {
  std::vector<Trouble> all;
  for (const auto& [what, times, at] : publishing_.recent(now)) {
    all.push_back(denial<TroubleCode::client_may_not_publish>(what, times));
  }
  for (const auto& [what, times, at] : subscribing_.recent(now)) {
    all.push_back(denial<TroubleCode::client_may_not_subscribe>(what, times));
  }
  for (const auto& [what, times, at] : withheld_.recent(now)) {
    all.push_back(trouble<TroubleCode::client_gets_part>(
        arg<"client">(printable(what.who.client_id)), arg<"user">(user_of(what.who)),
        arg<"topic">(printable(what.topic)), arg<"port">(std::to_string(what.port))));
  }
  return all;
}

}  // namespace watchpost::ingress

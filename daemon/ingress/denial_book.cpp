#include "ingress/denial_book.hpp"

#include <algorithm>
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

const DenialBook::Entry& DenialBook::note(Entries& entries, Denied denied, SteadyTime now) {
  const auto found = entries.find(denied.who.client_id);
  const bool goes_on = found != entries.end() && now - found->second.at < kNamedFor;
  const std::uint64_t times = goes_on ? found->second.times + 1 : 1;
  if (found == entries.end() && entries.size() >= kMost) {
    entries.erase(std::min_element(entries.begin(), entries.end(),
                                   [](auto& a, auto& b) { return a.second.at < b.second.at; }));
  }
  std::string key = denied.who.client_id;
  return entries.insert_or_assign(std::move(key), Entry{std::move(denied), times, now})
      .first->second;
}

Trouble DenialBook::may_not_publish(Denied denied, SteadyTime now) {
  const Entry& entry = note(publishing_, std::move(denied), now);
  return denial<TroubleCode::client_may_not_publish>(entry.denied, entry.times);
}

Trouble DenialBook::may_not_subscribe(Denied denied, SteadyTime now) {
  const Entry& entry = note(subscribing_, std::move(denied), now);
  return denial<TroubleCode::client_may_not_subscribe>(entry.denied, entry.times);
}

void DenialBook::withheld(Denied denied, SteadyTime now) {
  note(withheld_, std::move(denied), now);
}

void DenialBook::forget() {
  publishing_.clear();
  subscribing_.clear();
  withheld_.clear();
}

std::vector<Trouble> DenialBook::troubles(SteadyTime now) const {
  std::vector<Trouble> all;
  const auto is_recent = [now](const Entry& entry) { return now - entry.at < kNamedFor; };
  for (const auto& [id, entry] : publishing_) {
    if (!is_recent(entry)) continue;
    all.push_back(denial<TroubleCode::client_may_not_publish>(entry.denied, entry.times));
  }
  for (const auto& [id, entry] : subscribing_) {
    if (!is_recent(entry)) continue;
    all.push_back(denial<TroubleCode::client_may_not_subscribe>(entry.denied, entry.times));
  }
  for (const auto& [id, entry] : withheld_) {
    if (!is_recent(entry)) continue;
    const Denied& one = entry.denied;
    all.push_back(trouble<TroubleCode::client_gets_part>(
        arg<"client">(printable(one.who.client_id)), arg<"user">(user_of(one.who)),
        arg<"topic">(printable(one.topic)), arg<"port">(std::to_string(one.port))));
  }
  return all;
}

}  // namespace watchpost::ingress

#include "ingress/shut_out_book.hpp"

#include <algorithm>

#include "ingress/complaints.hpp"

namespace watchpost::ingress {
namespace {

std::string key_of(const ShutOutBook::Client& client) {
  return client.client_id.empty() ? "@" + client.address : client.client_id;
}

std::string name_of(const ShutOutBook::Client& client) {
  return client.client_id.empty() ? std::string("?") : printable(client.client_id);
}

}  // namespace

void ShutOutBook::note(Entries& entries, Entry entry, SteadyDuration fades) {
  const std::string key = key_of(entry.client);
  const auto found = entries.find(key);
  const bool goes_on = found != entries.end() && entry.at - found->second.at < fades;
  entry.times = goes_on ? found->second.times + 1 : 1;
  if (found == entries.end() && entries.size() == kMost) {
    entries.erase(std::min_element(entries.begin(), entries.end(),
                                   [](auto& a, auto& b) { return a.second.at < b.second.at; }));
  }
  entries.insert_or_assign(key, std::move(entry));
}

void ShutOutBook::turned_away(const Client& client, Trouble why, SteadyTime now) {
  note(turned_away_, Entry{client, 0, now, std::move(why)}, kNamedFor);
}

void ShutOutBook::let_in(const Client& client) {
  turned_away_.erase(key_of(client));
  // A device that did not get through the handshake of its port was known by its address alone.
  turned_away_.erase(key_of({"", client.address}));
}

void ShutOutBook::thrown_out(const Client& client, SteadyTime now) {
  note(thrown_out_, Entry{client, 0, now, trouble<TroubleCode::see_log>()}, kSharedFor);
}

Trouble ShutOutBook::full(PortLimit limit, SteadyTime now) {
  Trouble trouble = watchpost::trouble<TroubleCode::client_port_full>(
      arg<"port">(std::to_string(limit.port)), arg<"most">(std::uint64_t{limit.most}));
  full_.note(limit.port, trouble, now);
  return trouble;
}

std::vector<Trouble> ShutOutBook::troubles(SteadyTime now) const {
  std::vector<Trouble> all;
  for (const auto& [key, entry] : turned_away_) {
    if (entry.times < kAgain || now - entry.at >= kNamedFor) continue;
    all.push_back(trouble<TroubleCode::client_turned_away>(arg<"client">(name_of(entry.client)),
                                                           arg<"address">(entry.client.address),
                                                           arg<"times">(entry.times))
                      .because(entry.why));
  }
  for (const auto& [key, entry] : thrown_out_) {
    if (entry.times < kAgain || now - entry.at >= kSharedFor) continue;
    all.push_back(trouble<TroubleCode::clients_share_id>(arg<"client">(name_of(entry.client)),
                                                         arg<"times">(entry.times)));
  }
  full_.append_to(all, now);
  return all;
}

}  // namespace watchpost::ingress

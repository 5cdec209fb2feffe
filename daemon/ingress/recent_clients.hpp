// RecentClients: what happened with clients of late: to each the last time, how often, and when.
// Promise: what did not happen for `fades` is over: it is not given any more, and begins at one
// again. At most kMost clients; the one whose last time is longest ago makes room. Pure; one
// thread.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"

namespace watchpost::ingress {

template <class What>
class RecentClients {
 public:
  static constexpr std::size_t kMost = 16;
  struct Entry {
    What what;  // the last time
    std::uint64_t times = 0;
    SteadyTime at{};
  };

  explicit RecentClients(SteadyDuration fades) : fades_(fades) {}

  // `client`: what it is known by. The answer holds until the next call.
  const Entry& note(std::string client, What what, SteadyTime now) {
    const auto found = clients_.find(client);
    const bool goes_on = found != clients_.end() && now - found->second.at < fades_;
    Entry entry{std::move(what), goes_on ? found->second.times + 1 : 1, now};
    if (found == clients_.end() && clients_.size() == kMost) {
      clients_.erase(std::min_element(clients_.begin(), clients_.end(),
                                      [](auto& a, auto& b) { return a.second.at < b.second.at; }));
    }
    return clients_.insert_or_assign(std::move(client), std::move(entry)).first->second;
  }
  void forget(const std::string& client) { clients_.erase(client); }
  void forget_all() { clients_.clear(); }

  // In the order of what they are known by; at least `times` times each.
  [[nodiscard]] std::vector<Entry> recent(SteadyTime now, std::uint64_t times = 1) const {
    std::vector<Entry> entries;
    for (const auto& [client, entry] : clients_) {
      if (entry.times >= times && now - entry.at < fades_) entries.push_back(entry);
    }
    return entries;
  }

 private:
  SteadyDuration fades_;
  std::map<std::string, Entry> clients_;
};

}  // namespace watchpost::ingress

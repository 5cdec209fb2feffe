#include "accounts/guess_brake.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <utility>

#include "base/encoding.hpp"

namespace watchpost::accounts {
namespace {

using Wait = std::chrono::milliseconds;

// Doubles with each guess beyond those that are free.
Wait wait_after(std::uint64_t guesses, std::uint64_t free, Wait longest) {
  if (guesses < free) return Wait{0};
  constexpr std::uint64_t kMostDoublings = 10;
  const auto doublings = std::min(guesses - free, kMostDoublings);
  return std::min(Wait(GuessBrake::kFirstWait.count() << doublings), longest);
}

// Names may be long, and the tables hold many.
std::string_view short_name(std::string_view user) {
  return user.substr(0, 128);
}

std::string pair_key(std::string_view house, std::string_view user) {
  return fmt::format("{} {}", house, short_name(user));
}

}  // namespace

std::string house_of(std::string_view address) {
  std::string text(address.substr(0, address.find('%')));
  if (text.starts_with('[')) text.erase(0, 1);
  if (text.ends_with(']')) text.pop_back();
  in6_addr parsed{};
  if (::inet_pton(AF_INET6, text.c_str(), &parsed) != 1) return std::string(address);
  if (IN6_IS_ADDR_V4MAPPED(&parsed)) return text;
  const auto* const bytes = reinterpret_cast<const char*>(parsed.s6_addr);
  return to_hex(std::string_view(bytes, 8)) + "/64";
}

std::uint64_t GuessBrake::mark_of(const LoginAttempt& attempt) const {
  const auto text = fmt::format("{}\n{}\n{}\n{}", seed_, house_of(attempt.address), attempt.user,
                                attempt.password);
  return std::hash<std::string>{}(text);
}

GuessBrake::Entry* GuessBrake::find(Entries& entries, std::string_view key, SteadyTime now) {
  const auto found = entries.find(key);
  if (found == entries.end()) return nullptr;
  if (now - found->second.last < kFades) return &found->second;
  entries.erase(found);
  return nullptr;
}

std::optional<SteadyDuration> GuessBrake::wait(const LoginAttempt& attempt, SteadyTime now) {
  if (right_.contains(mark_of(attempt))) return SteadyDuration{0};
  const std::string house = house_of(attempt.address);
  Entry* const pair = find(pairs_, pair_key(house, attempt.user), now);
  Entry* const from = find(addresses_, house, now);
  const Entry* const user = find(users_, short_name(attempt.user), now);
  const bool is_hunted = user != nullptr && user->guesses >= kFreeOfMany;
  Wait of_pair{0};
  Wait of_address{0};
  if (pair != nullptr) {
    of_pair = is_hunted ? kLongestWait : wait_after(pair->guesses, kFreeOfPair, kLongestWait);
  }
  if (from != nullptr) of_address = wait_after(from->guesses, kFreeOfMany, kLongestOfAddress);
  SteadyTime begins = now;
  if (of_pair.count() > 0) begins = std::max(begins, std::max(pair->free_at, pair->last + of_pair));
  if (of_address.count() > 0) begins = std::max(begins, from->free_at);
  if (begins - now > kLongestWait) return std::nullopt;
  if (of_pair.count() > 0) pair->free_at = begins + of_pair;
  if (of_address.count() > 0) from->free_at = begins + of_address;
  return begins - now;
}

void GuessBrake::note(Entries& entries, std::string key, Entry fresh, std::uint64_t mark) {
  auto found = entries.find(key);
  if (found != entries.end() && fresh.last - found->second.last >= kFades) {
    entries.erase(found);
    found = entries.end();
  }
  if (found == entries.end()) {
    if (entries.size() >= kMost) {
      entries.erase(std::min_element(entries.begin(), entries.end(), [](auto& a, auto& b) {
        return a.second.last < b.second.last;
      }));
    }
    found = entries.emplace(std::move(key), std::move(fresh)).first;
  }
  Entry& entry = found->second;
  const auto end = entry.seen.begin() + static_cast<std::ptrdiff_t>(std::min<std::uint64_t>(
                                            entry.guesses, entry.seen.size()));
  if (std::find(entry.seen.begin(), end, mark) != end) return;
  entry.seen[entry.guesses % entry.seen.size()] = mark;
  ++entry.guesses;
  entry.last = std::max(entry.last, fresh.last);
}

void GuessBrake::was_wrong(const LoginAttempt& attempt, SteadyTime now) {
  const std::uint64_t mark = mark_of(attempt);
  right_.erase(mark);
  const std::string house = house_of(attempt.address);
  const std::string user(short_name(attempt.user));
  note(pairs_, pair_key(house, user), {house, user, 0, {}, now, {}}, mark);
  note(addresses_, house, {house, "", 0, {}, now, {}}, mark);
  note(users_, user, {"", user, 0, {}, now, {}}, mark);
}

void GuessBrake::was_right(const LoginAttempt& attempt) {
  if (right_.size() >= kMostRight) right_.erase(right_.begin());
  right_.insert(mark_of(attempt));
}

std::vector<GuessBrake::Guesser> GuessBrake::guessers(SteadyTime now) const {
  std::vector<Guesser> all;
  const auto add = [&](const Entries& entries, std::uint64_t free) {
    for (const auto& [key, entry] : entries) {
      if (entry.guesses < free || now - entry.last >= kFades) continue;
      all.push_back({entry.address, entry.user, entry.guesses});
    }
  };
  add(pairs_, kFreeOfPair);
  add(addresses_, kFreeOfMany);
  add(users_, kFreeOfMany);
  std::sort(all.begin(), all.end(),
            [](const Guesser& a, const Guesser& b) { return a.guesses > b.guesses; });
  if (all.size() > kMostNamed) all.resize(kMostNamed);
  return all;
}

}  // namespace watchpost::accounts

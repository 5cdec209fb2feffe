// GuessBrake: slows those who guess passwords.
// Promise: wrong passwords that differ make the next check wait, 0.25 s and then twice as long each
// time: of one address for one user from the 4th on, up to 8 s; of one address for any users from
// the 31st on, up to 2 s; and for a user whom 30 wrong passwords were tried for, from anywhere, an
// address that has tried one waits 8 s. One that tries for the first time never waits, so nobody
// shuts another one out. The same wrong password again is no further guess (a device that is set
// wrongly), and a login that was right before never waits. All fade after a quarter of an hour
// without a guess. At most kMost addresses, users and pairs; the ones whose last guess is longest
// ago make room. Pure; I/O thread.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"

namespace watchpost::accounts {

struct LoginAttempt {
  std::string_view address;  // IPv6: the first 64 bits are one address, as one house has them all
  std::string_view user;
  std::string_view password;
};

class GuessBrake {
 public:
  static constexpr std::size_t kMost = 4'096;
  static constexpr std::size_t kMostRight = 16'384;
  static constexpr std::chrono::minutes kFades{15};
  static constexpr std::chrono::milliseconds kFirstWait{250};
  static constexpr std::chrono::milliseconds kLongestWait{8'000};
  static constexpr std::chrono::milliseconds kLongestOfAddress{2'000};
  static constexpr std::uint64_t kFreeOfPair = 3;
  static constexpr std::uint64_t kFreeOfMany = 30;

  // `seed`: what is remembered of passwords is told from others only by who knows it.
  explicit GuessBrake(std::uint64_t seed) : seed_(seed) {}

  // How long this attempt has to wait from now on; zero: it may be checked. What waits keeps the
  // next one of the same waiting longer. Nothing: longer than kLongestWait, turn it away.
  [[nodiscard]] std::optional<SteadyDuration> wait(const LoginAttempt& attempt, SteadyTime now);
  void was_wrong(const LoginAttempt& attempt, SteadyTime now);
  void was_right(const LoginAttempt& attempt);

  // Who is being slowed.
  struct Guesser {
    std::string address;  // empty: several
    std::string user;     // empty: several
    std::uint64_t guesses = 0;
  };
  static constexpr std::size_t kMostNamed = 16;
  [[nodiscard]] std::vector<Guesser> guessers(SteadyTime now) const;

 private:
  struct Entry {
    std::string address;
    std::string user;
    std::uint64_t guesses = 0;
    std::array<std::uint64_t, 16> seen{};  // of the last wrong passwords
    SteadyTime last{};
    SteadyTime free_at{};
  };
  using Entries = std::map<std::string, Entry, std::less<>>;

  [[nodiscard]] std::uint64_t mark_of(const LoginAttempt& attempt) const;
  static void note(Entries& entries, std::string key, Entry fresh, std::uint64_t mark);
  [[nodiscard]] static Entry* find(Entries& entries, std::string_view key, SteadyTime now);

  std::uint64_t seed_;
  Entries pairs_;
  Entries addresses_;
  Entries users_;
  std::set<std::uint64_t> right_;
};

// The part of an address that one house has.
[[nodiscard]] std::string house_of(std::string_view address);

}  // namespace watchpost::accounts

// Complaints: which lines about clients are worth writing.
// Promise: a device that makes the same mistake every second is named once in ten minutes, and one
// address fills no log however it varies its mistakes; what was left out is counted. Pure; I/O
// thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace watchpost::ingress {

class Complaints {
 public:
  static constexpr std::chrono::minutes kRest{10};
  // How many different lines about one address are written within kRest.
  static constexpr std::size_t kMostLines = 16;
  static constexpr std::size_t kMostAddresses = 1'000;

  struct Complaint {
    std::string_view about;  // an address
    std::string_view line;
  };
  // Nothing: do not write this line. Else the number of lines about this address that were left
  // out in the ten minutes before.
  [[nodiscard]] std::optional<std::uint64_t> weigh(const Complaint& complaint, SteadyTime now);

 private:
  struct Said {
    SteadyTime since{};
    std::set<std::string, std::less<>> lines;
    std::uint64_t left_out = 0;
  };
  void make_room(SteadyTime now);

  std::map<std::string, Said, std::less<>> addresses_;
};

// What a client calls itself, fit for a line of the log: control characters as \xNN, cut at 100
// bytes.
[[nodiscard]] std::string printable(std::string_view text);

}  // namespace watchpost::ingress

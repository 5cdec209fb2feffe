// The end of a run, in words. Pure.
#pragma once

#include <cstdint>
#include <string>

#include "simulator/accounts.hpp"

namespace watchpost::simulator {

struct RunFacts {
  double seconds = 0;
  std::size_t devices = 0;
  std::size_t connections = 0;
  std::uint64_t reconnects = 0;
  std::uint64_t seed = 0;
  bool verified = false;  // a street was watching
};

[[nodiscard]] std::string summary(const Accounts& accounts, const RunFacts& facts,
                                  const Latencies& acknowledgements);

}  // namespace watchpost::simulator

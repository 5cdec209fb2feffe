// summary: the end of a run in words. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "simulator/accounts.hpp"

namespace watchpost::simulator {

struct RunFacts {
  double seconds = 0;
  std::size_t devices = 0;
  std::size_t connections = 0;
  std::uint64_t reconnects = 0;
  std::uint64_t seed = 0;
  bool verified = false;  // true where a street was watching
};

[[nodiscard]] std::string summary(const Accounts& accounts, const RunFacts& facts,
                                  const Latencies& acknowledgements);

// Says why a run that lost nothing is still no proof; nothing where it is a proof. `verified`: a
// street was watching.
[[nodiscard]] std::optional<std::string> proves_nothing(const Totals& totals, bool verified);

}  // namespace watchpost::simulator

// Simulation: one run of the village against a daemon, with or without a street that watches.
// Promise: every phase has a deadline; Ctrl-C ends publishing and still closes the accounts, a
// second Ctrl-C ends at once. Used once, on the thread that calls run().
#pragma once

#include <memory>

#include "simulator/simulate.hpp"
#include "simulator/village.hpp"

namespace watchpost::simulator {

class Simulation {
 public:
  // `options` were checked before; seed is not 0.
  Simulation(const SimulateOptions& options, LocalWay local);
  ~Simulation();
  Simulation(const Simulation&) = delete;
  Simulation& operator=(const Simulation&) = delete;

  // Runs to the end and returns the exit code.
  [[nodiscard]] int run();

 private:
  struct Run;
  std::unique_ptr<Run> run_;
};

[[nodiscard]] VillageOptions village_options(const SimulateOptions& options);

}  // namespace watchpost::simulator

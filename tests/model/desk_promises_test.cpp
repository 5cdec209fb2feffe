
#include "model/desk_run.hpp"
#include "support/catch.hpp"
#include "support/environment.hpp"

using namespace watchpost;

namespace {

std::string told(const model::DeskOutcome& outcome) {
  std::string text;
  for (const std::string& each : outcome.broken) text += "broken: " + each + "\n";
  for (const std::string& each : outcome.course) text += "  " + each + "\n";
  return text;
}

}  // namespace

// WATCHPOST_DESK_SEED and WATCHPOST_DESK_RUNS play one sequence again, or more of them.
TEST_CASE("no course of messages, commands, failures and restarts breaks a promise of judgement",
          "[rules][model]") {
  const std::uint64_t first = support::number_from("WATCHPOST_DESK_SEED", 1);
  const std::uint64_t runs = support::number_from("WATCHPOST_DESK_RUNS", 10'000);
  std::size_t transitions = 0;
  std::size_t commands = 0;
  std::size_t silences = 0;
  for (std::uint64_t seed = first; seed < first + runs; ++seed) {
    const auto outcome = model::run({seed, 60});
    transitions += outcome.transitions;
    commands += outcome.commands_done;
    silences += outcome.silences;
    if (outcome.broken.empty()) continue;
    INFO("seed " << seed << "\n" << told(outcome));
    REQUIRE(outcome.broken.empty());
  }
  // Sequences in which nothing happens prove nothing.
  CHECK(transitions > runs * 10);
  CHECK(commands > runs);
  CHECK(silences > runs);
}

// A disk that fails at each of its operations in turn, in each way, once and for a while.
//   WATCHPOST_SEED=7   other traffic
//   WATCHPOST_LYING_STEP=1   every operation (default: every twelfth, of failed syncs every fourth,
//                            the first one by the seed)
#include <fmt/format.h>

#include "model/crash_replay.hpp"
#include "support/catch.hpp"
#include "support/environment.hpp"

using namespace watchpost;
using namespace watchpost::model;
using support::Fault;

namespace {

RunOptions a_short_run(std::uint64_t seed, const Fault& fault) {
  RunOptions options;
  options.seed = seed;
  options.calls = 14;
  options.shape.large = 9'000;
  options.space.history = ByteCount{60'000};
  options.checkpoint = {ByteCount{40'000}, ByteCount{120'000}};
  options.crashes = 0;
  options.restarts = 20;
  // The disk works again in the third call after the one that met the fault.
  options.planned = RunOptions::Planned{fault, 2};
  return options;
}

struct Tally {
  std::size_t runs = 0, struck = 0, failed = 0, risen = 0, points = 0;

  // The run itself checks that failed appends were not acknowledged, that the store was read again
  // and that service goes on. Then the power fails when the last call returns, and at one other
  // operation.
  void attack(const RunOptions& options) {
    CrashReplay replay(options);
    REQUIRE(replay.record() == "");
    ++runs;
    struck += replay.vfs().struck() > 0 ? 1 : 0;
    failed += replay.failed_commits();
    risen += replay.risen();
    const auto last = replay.operations().size();
    const auto other = mix(options.seed, runs) % last + 1;
    // The effect of a failed sync is seen only after the power is gone, so many moments are tried
    // for it.
    const bool many = options.planned->fault.kind == Fault::Kind::sync_error;
    const auto stride = support::number_from("WATCHPOST_LYING_STEP", 4);
    const auto wants = [&](const CrashPoint& point) {
      return (many && (point.done + runs) % stride == 0) || point.done == last ||
             point.done == other;
    };
    REQUIRE(replay.replay(~std::size_t{0}, wants) == "");
    points += replay.points();
  }
};

}  // namespace

TEST_CASE("whatever operation of the disk fails, nothing acknowledged is lost and service resumes",
          "[spool][model]") {
  const auto kind =
      GENERATE(Fault::Kind::full, Fault::Kind::write_error, Fault::Kind::short_write,
               Fault::Kind::read_error, Fault::Kind::sync_error, Fault::Kind::read_only);
  const std::uint64_t count = GENERATE(1, 1'000);
  const auto seed = support::number_from("WATCHPOST_SEED", 1);
  const auto step =
      support::number_from("WATCHPOST_LYING_STEP", kind == Fault::Kind::sync_error ? 4 : 12);
  // A run whose fault never strikes counts the operations that such a fault can hit.
  CrashReplay sound(a_short_run(seed, {kind, ~std::uint64_t{0}, 1}));
  REQUIRE(sound.record() == "");
  const auto operations = sound.vfs().hittable();
  REQUIRE(operations > 5);

  Tally tally;
  for (std::uint64_t first = seed % step; first < operations; first += step) {
    INFO("make it again: WATCHPOST_SEED=" << seed << ", fault " << static_cast<int>(kind) << " at "
                                          << first << ", " << count << " times");
    tally.attack(a_short_run(seed, {kind, first, count}));
  }
  fmt::print(
      "lying disk: fault {} {}: {} runs, {} struck, {} failed commits ({} on disk), {} points"
      "\n",
      static_cast<int>(kind), count == 1 ? "once" : "for a while", tally.runs, tally.struck,
      tally.failed, tally.risen, tally.points);
  CHECK(tally.struck > tally.runs / 2);
}

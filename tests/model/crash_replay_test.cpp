// Tries every crash of recorded runs. Default: 10,000 crash points.
//   WATCHPOST_CRASH_POINTS=1000000  number of crash points, over all processes
//   WATCHPOST_CRASH_SHARE=0/2       this process takes run 0 of each 2 runs
//   WATCHPOST_SEED=7                other runs; each run prints its seed
//   WATCHPOST_CRASH_RUN=3 WATCHPOST_CRASH_POINT=120:torn:0   one crash of one run
#include "model/crash_replay.hpp"

#include <fmt/format.h>
#include <malloc.h>
#include <sqlite3.h>

#include <chrono>
#include <cstdio>
#include <set>

#include "support/catch.hpp"
#include "support/environment.hpp"

using namespace watchpost;
using namespace watchpost::model;

namespace {

std::optional<CrashPoint> point_from(const char* name) {
  const auto text = support::from_environment(name);
  if (!text) return std::nullopt;
  const auto first = text->find(':');
  const auto second = text->find(':', first + 1);
  REQUIRE(second != std::string::npos);
  CrashPoint point{std::stoul(*text), CrashVariant::kept,
                   static_cast<unsigned>(std::stoul(text->substr(second + 1)))};
  for (const auto variant :
       {CrashVariant::kept, CrashVariant::lost, CrashVariant::torn, CrashVariant::reordered}) {
    if (text->substr(first + 1, second - first - 1) == to_string(variant)) point.variant = variant;
  }
  return point;
}

// Both numbers together decide what a run does and how its store is set up.
RunOptions options_of(std::uint64_t seed, std::uint64_t run) {
  RunOptions options;
  options.seed = mix(seed, run);
  options.calls = 16 + options.seed % 25;
  options.space.history = ByteCount{90'000};
  // Some runs move the WAL after each commit, some after many; one kind of run does it as rarely as
  // the daemon.
  options.checkpoint.begin = ByteCount{10'000 + options.seed % 90'000};
  options.checkpoint.most = ByteCount{3 * options.checkpoint.begin.value};
  switch (run % 6) {
    case 1:  // a failing disk
    case 4:
      options.faults = 40;
      options.crashes = 10;
      break;
    case 2:  // not enough room
      options.space.quota = ByteCount{220'000};
      options.space.reserve = ByteCount{50'000};
      options.calls += 20;
      break;
    case 3:  // a failing disk with not enough room
      options.space.quota = ByteCount{260'000};
      options.space.reserve = ByteCount{40'000};
      options.faults = 25;
      break;
    case 5:  // a WAL that grows past the size at which the writer moves it
      options.shape = {12, 300'000, 30};
      options.checkpoint = {};
      options.commits_inside = 90;
      options.space.history = ByteCount{4'000'000};
      options.crashes = 2;
      break;
    default:
      options.commits_inside = 90;
      break;
  }
  return options;
}

// In a run with a large WAL thousands of writes are alike, so only some of them are tried.
std::size_t stride_of(const RunOptions& options) {
  return options.shape.large > 100'000 ? 13 : 1;
}

struct Totals {
  std::size_t points = 0, runs = 0, operations = 0, failed = 0, risen = 0, inside = 0;
  std::size_t transitions = 0;
  std::set<AlarmEvent> events;
  std::chrono::steady_clock::time_point began = std::chrono::steady_clock::now();

  void add(const CrashReplay& replay) {
    points += replay.points();
    operations += replay.operations().size();
    failed += replay.failed_commits();
    risen += replay.risen();
    inside += replay.commits_inside();
    transitions += replay.village().transitions();
    events.insert(replay.village().events().begin(), replay.village().events().end());
    ++runs;
  }
  void print(std::uint64_t seed) const {
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    fmt::print(
        "crash replay: {} points of {} runs, {} operations, {} failed commits ({} on disk all the "
        "same), {} commits inside a checkpoint, {} transitions of alarms of {} kinds, {:.1f} s, "
        "{:.0f} points/s, seed {}\n",
        points, runs, operations, failed, risen, inside, transitions, events.size(), took.count(),
        static_cast<double>(points) / took.count(), seed);
  }
};

}  // namespace

TEST_CASE("after a crash at any moment the store holds exactly what was acknowledged",
          "[spool][model]") {
  const auto seed = support::number_from("WATCHPOST_SEED", 1);
  const auto only = point_from("WATCHPOST_CRASH_POINT");
  const auto share = support::from_environment("WATCHPOST_CRASH_SHARE").value_or("0/1");
  const auto part = std::stoull(share);
  const auto parts = std::stoull(share.substr(share.find('/') + 1));
  auto wanted = support::number_from("WATCHPOST_CRASH_POINTS", 10'000) / parts;
  std::uint64_t run = part;
  const bool is_single = support::from_environment("WATCHPOST_CRASH_RUN").has_value();
  if (is_single) run = support::number_from("WATCHPOST_CRASH_RUN", 0);
  // The heap is kept from one crash to the next, because returning it to the system costs a third
  // of the time.
  ::mallopt(M_TRIM_THRESHOLD, 512 << 20);
  ::mallopt(M_MMAP_THRESHOLD, 256 << 20);
  // So is SQLite's, for the three connections of each crash.
  ::sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  ::sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 1'200, 400);
  Totals totals;
  // In a short test each kind of run gets its share, so that no run takes all the points.
  const auto most = is_single ? ~std::uint64_t{0} : std::max<std::uint64_t>(wanted / 12, 800);
  do {
    const auto options = options_of(seed, run);
    CrashReplay replay(options);
    const auto wants = [&](const CrashPoint& point) {
      if (only) return point == *only;
      const auto kind = replay.operations()[point.done - 1].kind;
      return kind != DiskOp::Kind::write || point.done % stride_of(options) == 0;
    };
    INFO("make it again: WATCHPOST_SEED=" << seed << " WATCHPOST_CRASH_RUN=" << run);
    REQUIRE(replay.record() == "");
    REQUIRE(replay.replay(std::min<std::uint64_t>(most, wanted - totals.points), wants) == "");
    totals.add(replay);
    run += parts;
  } while (!is_single && totals.points < wanted);
  totals.print(seed);
  if (only) CHECK(totals.points == 1);
  if (!is_single && run >= 6 * parts) CHECK(totals.inside > 0);
  // Of the 27 kinds of events, those of every day and most others.
  if (is_single || totals.runs < 12) return;
  CHECK(totals.events.size() >= 14);
  for (const auto event : {AlarmEvent::raised, AlarmEvent::taken, AlarmEvent::closed}) {
    INFO(to_string(event));
    CHECK(totals.events.count(event) == 1);
  }
}

#include "receiver/progress.hpp"

#include <random>
#include <set>

#include "support/catch.hpp"

using namespace watchpost;
using namespace watchpost::receiver;

namespace {

SeqRange range(std::uint64_t first, std::uint64_t last) {
  return {Seq{first}, Seq{last}};
}

// The correct answer of Progress, computed slowly.
std::uint64_t contiguous_of(const std::set<std::uint64_t>& numbers) {
  std::uint64_t last = 0;
  while (numbers.contains(last + 1)) ++last;
  return last;
}

std::vector<SeqRange> holes_of(const std::set<std::uint64_t>& numbers, std::uint64_t last) {
  std::vector<SeqRange> holes;
  for (std::uint64_t number = 1; number <= last; ++number) {
    if (numbers.contains(number)) continue;
    if (!holes.empty() && holes.back().last.next() == Seq{number}) {
      holes.back().last = Seq{number};
    } else {
      holes.push_back(range(number, number));
    }
  }
  return holes;
}

}  // namespace

TEST_CASE("progress waits for the number that is missing", "[receiver][unit]") {
  Progress progress;
  progress.add(Seq{1});
  progress.add(Seq{2});
  progress.add(Seq{4});
  REQUIRE(progress.contiguous() == Seq{2});
  REQUIRE(progress.holes(Seq{6}, 10) == std::vector{range(3, 3), range(5, 6)});

  progress.add(Seq{3});

  REQUIRE(progress.contiguous() == Seq{4});
}

TEST_CASE("a range that was given up makes its numbers accounted", "[receiver][unit]") {
  Progress progress(Seq{10});
  progress.add(Seq{21});
  progress.add(range(11, 20));
  REQUIRE(progress.contiguous() == Seq{21});
  // Ranges that come backwards or a second time change nothing.
  progress.add(range(3, 12));
  progress.add(range(9, 8));
  REQUIRE(progress.contiguous() == Seq{21});
}

TEST_CASE("progress agrees with a plain set whatever the order and repeats", "[receiver][unit]") {
  const auto seed = Catch::rngSeed();
  std::mt19937_64 random(seed);
  for (int round = 0; round < 2'000; ++round) {
    CAPTURE(seed, round);
    const std::uint64_t most = 1 + random() % 60;
    Progress progress;
    std::set<std::uint64_t> numbers;
    for (int step = 0; step < 80; ++step) {
      const std::uint64_t first = 1 + random() % most;
      const std::uint64_t last = first + (random() % 4 == 0 ? random() % 6 : 0);
      progress.add(range(first, last));
      for (std::uint64_t number = first; number <= last; ++number) numbers.insert(number);
      REQUIRE(progress.contiguous() == Seq{contiguous_of(numbers)});
      REQUIRE(progress.holes(Seq{most + 8}, 1'000) == holes_of(numbers, most + 8));
    }
  }
}

TEST_CASE("progress forgets the highest rather than grow, and asks for them again",
          "[receiver][unit]") {
  Progress progress;
  const std::uint64_t last = 2 * (Progress::kMostIslands + 50);
  for (std::uint64_t number = 2; number <= last; number += 2) progress.add(Seq{number});
  REQUIRE(progress.is_partial());
  REQUIRE(progress.contiguous() == Seq{0});
  REQUIRE_FALSE(progress.wants_rebuilding());

  for (std::uint64_t number = 1; number <= last; number += 2) progress.add(Seq{number});

  // Progress may be behind, never ahead: the ranges that it forgot stand in the store.
  REQUIRE(progress.contiguous() < Seq{last});
  REQUIRE(progress.wants_rebuilding());
  for (std::uint64_t number = 2; number <= last; number += 2) progress.add(Seq{number});
  REQUIRE(progress.contiguous() == Seq{last});
}

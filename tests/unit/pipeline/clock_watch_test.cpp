#include "pipeline/clock_watch.hpp"

#include <vector>

#include "support/catch.hpp"
#include "support/manual_clock.hpp"

using namespace watchpost;
using namespace watchpost::pipeline;
using namespace watchpost::support;
using namespace std::chrono_literals;

namespace {

constexpr auto kDecade = std::chrono::hours{24 * 3652};
constexpr WallTime kBoot1970{std::chrono::seconds{37}};

struct WatchBench {
  ManualClock clock;
  std::optional<ClockWatch> watch;
  std::vector<ClockWord> words;

  void begin() { watch.emplace(read_clock(clock)); }
  void look() {
    if (const auto word = watch->look(read_clock(clock))) words.push_back(*word);
  }
  // Lets seconds pass, and looks at the clock after each.
  void run(int seconds, std::chrono::nanoseconds drift_each = 0ns) {
    for (int i = 0; i < seconds; ++i) {
      clock.advance(1s);
      clock.wall_time += drift_each;
      look();
    }
  }
};

}  // namespace

TEST_CASE("a clock that runs well says nothing for a day", "[pipeline][clock][unit]") {
  WatchBench bench;
  bench.begin();
  bench.run(86'400);
  CHECK(bench.words.empty());
}

TEST_CASE("a time service that arrives late says by how much the early times are off",
          "[pipeline][clock][unit]") {
  WatchBench bench;
  const WallTime truth = bench.clock.wall_time;
  bench.clock.wall_time = kBoot1970;
  bench.clock.clock_quality = ClockQuality::unset;
  bench.begin();
  bench.run(600);
  CHECK(bench.words.empty());

  bench.clock.wall_time = truth + 600s;
  bench.clock.clock_quality = ClockQuality::synced;
  bench.look();

  REQUIRE(bench.words.size() == 1);
  const ClockWord& word = bench.words.front();
  CHECK(word.reason == ClockWord::Reason::synced);
  CHECK(word.was == ClockQuality::unset);
  CHECK(word.now.quality == ClockQuality::synced);
  CHECK(word.wall_before == kBoot1970 + 600s);
  CHECK(word.offset == truth - kBoot1970);
  CHECK(to_string(word.reason) == "synced");
  bench.run(600);
  CHECK(bench.words.size() == 1);
}

TEST_CASE("ten years forward and back are two jumps that add up to nothing",
          "[pipeline][clock][unit]") {
  WatchBench bench;
  bench.begin();
  bench.run(5);
  bench.clock.wall_time += kDecade;
  bench.run(5);
  bench.clock.wall_time -= kDecade;
  bench.run(5);

  REQUIRE(bench.words.size() == 2);
  CHECK(bench.words[0].reason == ClockWord::Reason::jump);
  CHECK(bench.words[0].offset == kDecade);
  CHECK(bench.words[1].reason == ClockWord::Reason::jump);
  CHECK(bench.words[1].offset == -kDecade);
}

TEST_CASE("back to 1970 is said as such, also when it happens within a second of the last word",
          "[pipeline][clock][unit]") {
  WatchBench bench;
  bench.begin();
  bench.clock.wall_time += 1h;
  bench.run(1);
  bench.clock.advance(10ms);
  bench.clock.wall_time = kBoot1970;
  bench.look();
  CHECK(bench.words.size() == 1);  // at most one word a second
  bench.run(1);

  REQUIRE(bench.words.size() == 2);
  CHECK(bench.words[1].reason == ClockWord::Reason::unset);
  CHECK(bench.words[1].was == ClockQuality::synced);
  CHECK(bench.words[1].now.quality == ClockQuality::unset);
}

TEST_CASE("until a movement is said, times are those of the clock last said",
          "[pipeline][clock][unit]") {
  WatchBench bench;
  bench.begin();
  const WallTime began = bench.clock.wall_time;
  bench.clock.wall_time = kBoot1970;
  CHECK(bench.watch->as_said(read_clock(bench.clock)).wall == began);
  CHECK(bench.watch->as_said(read_clock(bench.clock)).quality == ClockQuality::synced);
  bench.look();
  CHECK(bench.words.size() == 1);
  CHECK(bench.watch->as_said(read_clock(bench.clock)).wall == kBoot1970);
  CHECK(bench.watch->as_said(read_clock(bench.clock)).quality == ClockQuality::unset);
}

TEST_CASE("a clock that is moved drop by drop is told when the drops are more than two seconds",
          "[pipeline][clock][unit]") {
  WatchBench bench;
  bench.begin();
  bench.run(1'999, -1ms);
  bench.run(1, -1ms);
  CHECK(bench.words.empty());
  bench.run(1, -1ms);

  REQUIRE(bench.words.size() == 1);
  CHECK(bench.words[0].reason == ClockWord::Reason::drift);
  CHECK(bench.words[0].offset == -2'001ms);
  bench.run(2'001, -1ms);
  CHECK(bench.words.size() == 2);
}

TEST_CASE("a clock that jumps at every message is said once a second, in sum",
          "[pipeline][clock][unit]") {
  WatchBench bench;
  bench.begin();
  for (int i = 0; i < 1'000; ++i) {
    bench.clock.advance(10ms);
    bench.clock.wall_time += 1h;
    bench.look();
  }
  CHECK(bench.words.size() == 10);
  std::chrono::milliseconds sum{0};
  for (const ClockWord& word : bench.words) {
    CHECK(word.reason == ClockWord::Reason::jump);
    sum += word.offset;
  }
  bench.run(2);
  CHECK(sum + bench.words.back().offset == std::chrono::hours{1'000});
}

TEST_CASE("a time service that comes and goes is not worth an event, one that stays away is",
          "[pipeline][clock][unit]") {
  WatchBench bench;
  bench.begin();
  for (int i = 0; i < 20; ++i) {
    bench.clock.clock_quality = ClockQuality::free;
    bench.run(50);
    bench.clock.clock_quality = ClockQuality::synced;
    bench.run(5);
  }
  CHECK(bench.words.empty());
  bench.clock.clock_quality = ClockQuality::free;
  bench.run(61);
  REQUIRE(bench.words.size() == 1);
  CHECK(bench.words[0].reason == ClockWord::Reason::free);
  CHECK(bench.words[0].offset == 0ms);
  bench.clock.clock_quality = ClockQuality::synced;
  bench.run(1);
  REQUIRE(bench.words.size() == 2);
  CHECK(bench.words[1].reason == ClockWord::Reason::synced);
}

TEST_CASE("a process held up between its two readings sees no jump", "[pipeline][clock][unit]") {
  struct HeldUp final : Clock {
    [[nodiscard]] WallTime wall() const override {
      const WallTime read = truth.wall_time;
      if (std::exchange(holds, false)) truth.advance(10s);
      return read;
    }
    [[nodiscard]] SteadyTime steady() const override { return truth.steady_time; }
    [[nodiscard]] ClockQuality quality(WallTime, SteadyTime) const override {
      return ClockQuality::synced;
    }
    mutable ManualClock truth;
    mutable bool holds = false;
  };
  HeldUp clock;
  ClockWatch watch(read_clock(clock));
  clock.truth.advance(5s);
  clock.holds = true;
  CHECK_FALSE(watch.look(read_clock(clock)));
}

TEST_CASE("a wall time of 1970 is never called good", "[clock][unit]") {
  ManualClock clock;
  clock.wall_time = kBoot1970;
  clock.clock_quality = ClockQuality::synced;
  CHECK(read_clock(clock).quality == ClockQuality::unset);
}

TEST_CASE("what the clock did is told in a sentence, with both times and what to do",
          "[pipeline][clock][unit]") {
  WatchBench bench;
  bench.begin();
  bench.run(10);
  bench.clock.wall_time += 3600s;
  bench.run(2);
  REQUIRE(bench.words.size() == 1);
  const std::string forward = sentence_of(bench.words.front());
  CHECK(forward.starts_with("The clock was set forward by 3600.000 s, from "));
  CHECK(forward.find(" to " + to_rfc3339(bench.words.front().now.wall)) != std::string::npos);
  CHECK(forward.find("timedatectl") != std::string::npos);
  ClockWord word = bench.words.front();
  word.offset = -2500ms;
  word.reason = ClockWord::Reason::drift;
  CHECK(sentence_of(word).starts_with("The clock was moved little by little back by 2.500 s"));
  word.reason = ClockWord::Reason::synced;
  CHECK(sentence_of(word).starts_with("A time service keeps the clock now and set it back"));
  word.offset = 0ms;
  CHECK(sentence_of(word) == "A time service keeps the clock now");
}

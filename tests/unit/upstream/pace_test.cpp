#include "upstream/pace.hpp"

#include <deque>

#include "support/catch.hpp"

namespace watchpost::upstream {
namespace {

using std::chrono::milliseconds;

Pace of_events(std::size_t most) {
  Pace::Limits limits = Pace::kEvents;
  limits.most = most;
  return Pace(limits);
}

// A link that carries one event in `per_event` and answers `way` later; its owner always has more
// to send.
struct FakeLink {
  milliseconds per_event;
  milliseconds way;
  Pace pace{};
  SteadyTime now{};
  SteadyTime free{};  // when the last event in the socket will have left
  std::deque<std::pair<SteadyTime, SteadyTime>> under_way{};  // times of sending and of the answer

  void send() {
    free = std::max(free, now) + per_event;
    under_way.emplace_back(now, free + way);
  }
  void run(milliseconds length) {
    const SteadyTime end = now + length;
    while (now < end) {
      while (under_way.size() < pace.window()) send();
      const auto [sent, answered] = under_way.front();
      now = std::max(now, answered);
      pace.answered({sent, now, 1, under_way.size()});
      under_way.pop_front();
    }
  }
  // How long an alarm takes that is sent now.
  [[nodiscard]] milliseconds alarm() const {
    return std::chrono::duration_cast<milliseconds>(std::max(free, now) + per_event + way - now);
  }
};

TEST_CASE("on a link of two kilobytes a second an alarm is never far behind the backlog",
          "[upstream][unit]") {
  FakeLink link{milliseconds{350}, milliseconds{50}};
  link.pace = of_events(98);
  milliseconds slowest{};
  for (int second = 0; second < 120; ++second) {
    link.run(milliseconds{1'000});
    if (second > 10) slowest = std::max(slowest, link.alarm());
  }
  CHECK(slowest < milliseconds{3'000});
  // The link is still never idle: as many events are under way as it can carry.
  CHECK(link.pace.window() >= 2);
}

TEST_CASE("a fast link has its whole window within a few round trips", "[upstream][unit]") {
  FakeLink link{milliseconds{0}, milliseconds{100}};
  link.pace = of_events(98);
  link.run(milliseconds{600});
  CHECK(link.pace.window() == 98);
}

TEST_CASE("a broker that takes three seconds for each answer shrinks nothing", "[upstream][unit]") {
  FakeLink link{milliseconds{0}, milliseconds{3'000}};
  link.pace = of_events(98);
  link.run(milliseconds{20'000});
  CHECK(link.pace.window() == 98);
}

TEST_CASE("a link that becomes slow is noticed, and so is its recovery", "[upstream][unit]") {
  FakeLink link{milliseconds{1}, milliseconds{50}};
  link.pace = of_events(98);
  link.run(milliseconds{5'000});
  REQUIRE(link.pace.window() == 98);
  link.per_event = milliseconds{400};
  link.run(milliseconds{120'000});
  CHECK(link.alarm() < milliseconds{3'000});
  link.per_event = milliseconds{1};
  link.run(milliseconds{120'000});
  CHECK(link.pace.window() == 98);
}

TEST_CASE("a way that becomes longer for good does not keep the window small", "[upstream][unit]") {
  FakeLink link{milliseconds{1}, milliseconds{50}};
  link.pace = of_events(98);
  link.run(milliseconds{5'000});
  link.way = milliseconds{4'000};
  link.run(milliseconds{3'600'000});
  CHECK(link.pace.window() == 98);
}

TEST_CASE("the window is never above what the link may carry, nor below one", "[upstream][unit]") {
  for (const std::size_t most : {1U, 2U, 5U}) {
    Pace pace = of_events(most);
    SteadyTime now{};
    for (int i = 0; i < 100; ++i) {
      pace.answered({now, now + milliseconds{i % 7 == 0 ? 20'000 : 10}, 1, pace.window()});
      now += milliseconds{20'000};
      CHECK(pace.window() >= 1);
      CHECK(pace.window() <= most);
    }
  }
}

TEST_CASE("a window that nobody fills does not grow, or a later backlog would overrun the link",
          "[upstream][unit]") {
  Pace pace = of_events(98);
  SteadyTime now{};
  for (int i = 0; i < 1'000; ++i) {
    pace.answered({now, now + milliseconds{20}, 1, 1});
    now += milliseconds{1'000};
  }
  CHECK(pace.window() == Pace::kEvents.first);
}

TEST_CASE("bytes under way stay few on a link of middling speed and many on a fast one",
          "[upstream][unit]") {
  constexpr std::size_t kEvent = 800;
  // `rate`: bytes a millisecond. Returns the most bytes that an alarm may have before it.
  const auto most_at = [](std::size_t rate) {
    Pace pace(Pace::kBytes);
    std::deque<std::pair<SteadyTime, SteadyTime>> under_way;
    SteadyTime now{};
    SteadyTime free{};
    std::size_t most = 0;
    for (int i = 0; i < 200'000; ++i) {
      while (under_way.size() * kEvent < pace.window()) {
        free = std::max(free, now) + std::chrono::microseconds{kEvent * 1'000 / rate};
        under_way.emplace_back(now, free + milliseconds{20});
      }
      const auto [sent, answered] = under_way.front();
      now = std::max(now, answered);
      pace.answered({sent, now, kEvent, under_way.size() * kEvent});
      under_way.pop_front();
      most = std::max(most, under_way.size() * kEvent);
    }
    return most;
  };
  // At 100 kB/s hardly more than the first window (0.7 s), at 1 MB/s 0.1 s, at 100 MB/s the whole
  // limit.
  CHECK(most_at(100) <= Pace::kBytes.first * 5 / 4);
  CHECK(most_at(1'000) <= 150'000);
  CHECK(most_at(100'000) >= Pace::kBytes.most - kEvent);
}

}  // namespace
}  // namespace watchpost::upstream

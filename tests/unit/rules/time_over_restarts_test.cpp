#include "rules/time_over_restarts.hpp"

#include "support/catch.hpp"

using namespace watchpost;
using namespace watchpost::rules;
using namespace std::chrono_literals;

namespace {

constexpr WallTime kNoon{std::chrono::seconds{1'795'392'000}};

Moment moment(std::chrono::nanoseconds steady, WallTime wall,
              ClockQuality quality = ClockQuality::synced) {
  return {wall, SteadyTime{steady}, quality};
}

}  // namespace

TEST_CASE("service time goes by the steady clock, whatever the wall clock does", "[rules][unit]") {
  TimeOverRestarts clock;
  const ServiceTime start = clock.at(moment(5s, kNoon));
  CHECK(clock.at(moment(8s, kNoon + 24h)) - start == 3s);
  CHECK(clock.at(moment(9s, kNoon - 24h)) - start == 4s);
  CHECK(clock.at(moment(7s, kNoon)) - start == 4s);  // it never goes back
  CHECK(clock.steady_of(start + 10s) == SteadyTime{15s});
}

TEST_CASE("the time off counts where the clock was good before and is good again",
          "[rules][unit]") {
  const Stamp before{ServiceTime{100s}, kNoon, ClockQuality::synced};
  {
    TimeOverRestarts clock;
    clock.recall(before);
    CHECK(clock.at(moment(1s, kNoon + 600s)) == ServiceTime{700s});
    CHECK(clock.at(moment(2s, kNoon + 9h)) == ServiceTime{701s});  // once
  }
  {
    TimeOverRestarts clock;
    clock.recall(before);
    CHECK(clock.at(moment(1s, kNoon + 600s, ClockQuality::free)) == ServiceTime{100s});
    // A time service has set the clock ten seconds after the start.
    CHECK(clock.at(moment(11s, kNoon + 610s)) == ServiceTime{710s});
  }
  {
    TimeOverRestarts clock;
    clock.recall({ServiceTime{100s}, kNoon, ClockQuality::free});
    CHECK(clock.at(moment(1s, kNoon + 600s)) == ServiceTime{100s});
  }
}

TEST_CASE("a clock that was set back takes no time away", "[rules][unit]") {
  TimeOverRestarts clock;
  clock.recall({ServiceTime{100s}, kNoon, ClockQuality::synced});
  clock.recall({ServiceTime{160s}, kNoon, ClockQuality::unset});
  CHECK(clock.at(moment(1s, kNoon - 24h)) == ServiceTime{160s});
}

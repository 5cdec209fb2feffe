#include "pipeline/device_roll.hpp"

#include "support/catch.hpp"

using namespace watchpost;
using namespace watchpost::pipeline;

TEST_CASE("a device that was never read belongs to no domain", "[pipeline][unit]") {
  DeviceRoll roll;
  CHECK(roll.seen("lid", SteadyTime{}).domain == Domain::other);
}

TEST_CASE("the device heard last stands first and is counted once", "[pipeline][unit]") {
  DeviceRoll roll;
  roll.seen("a", SteadyTime{});
  roll.seen("b", SteadyTime{});
  CHECK(roll.seen("a", SteadyTime{}).messages == 2);
  REQUIRE(roll.entries().size() == 2);
  CHECK(roll.entries().front().device == "a");
  CHECK(roll.entries().back().device == "b");
}

TEST_CASE("at its bound the roll forgets the device that was silent longest", "[pipeline][unit]") {
  DeviceRoll roll;
  for (std::size_t i = 0; i <= DeviceRoll::kMostDevices; ++i) {
    roll.seen("d" + std::to_string(i), SteadyTime{});
    if (i == 0) continue;
    roll.seen("d0", SteadyTime{});
  }
  CHECK(roll.entries().size() == DeviceRoll::kMostDevices);
  CHECK(roll.entries().front().device == "d0");
  CHECK(roll.entries().back().device == "d2");
}

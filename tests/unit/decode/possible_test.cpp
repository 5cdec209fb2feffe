#include "decode/possible.hpp"

#include <algorithm>
#include <limits>

#include "decode/frame_facts.hpp"
#include "support/catch.hpp"

using namespace watchpost;
using namespace watchpost::decode;

TEST_CASE("what no sensor can measure is no measurement, and what may be so is left alone",
          "[decode][unit]") {
  const auto possible = [](std::string quantity, std::string unit, double value) {
    return is_possible({std::move(quantity), std::move(unit), value});
  };
  CHECK_FALSE(possible("temperature", "Cel", 3276.7));
  CHECK_FALSE(possible("temperature", "Cel", -273.15));
  CHECK_FALSE(possible("temperature", "Cel", -127));
  CHECK(possible("temperature", "Cel", -89.2));
  CHECK(possible("temperature", "Cel", 1'200));
  CHECK(possible("temperature", "K", 3276.7));
  CHECK_FALSE(possible("humidity", "%RH", 655.35));
  CHECK(possible("humidity", "%RH", 101));
  CHECK_FALSE(possible("distance", "mm", -1));
  CHECK(possible("distance", "mm", 0));
  CHECK(possible("level", "m", -1.2));
  CHECK_FALSE(possible("level", "m", std::numeric_limits<double>::infinity()));
  CHECK_FALSE(possible("level", "m", std::numeric_limits<double>::quiet_NaN()));
  CHECK(is_possible({"temperature", "Cel", std::string("3276.7")}));
}

TEST_CASE("an observation with an impossible number is suspect, whatever its decoder says",
          "[decode][unit]") {
  const Topic topic = *Topic::parse("a");
  const Frame frame{topic, ""};
  Observation observation;
  observation.readings = {{"humidity", "%RH", 40.0}, {"temperature", "Cel", 3276.7}};
  apply_frame_facts(frame, observation);
  CHECK(observation.quality == Quality::suspect);
  CHECK(observation.flags == std::vector<std::string>{"out_of_range"});
  observation.quality = Quality::invalid;
  apply_frame_facts(frame, observation);
  CHECK(observation.quality == Quality::invalid);
  CHECK(observation.flags.size() == 1);
  Observation good;
  good.readings = {{"humidity", "%RH", 40.0}};
  apply_frame_facts(frame, good);
  CHECK(good.quality == Quality::ok);
  CHECK(good.flags.empty());
}

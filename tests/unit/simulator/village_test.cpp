#include "simulator/village.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <map>
#include <set>

#include "base/encoding.hpp"
#include "simulator/day_course.hpp"
#include "support/catch.hpp"

using namespace watchpost;
using namespace watchpost::simulator;

namespace {

const WallTime kBegin{std::chrono::seconds(1'795'000'000)};

std::vector<Planned> day_of(std::uint64_t seed, std::size_t count, std::size_t devices = 300) {
  VillageOptions village_options;
  village_options.seed = seed;
  village_options.devices = devices;
  Village village = build_village(village_options);
  DayOptions day;
  day.seed = seed;
  day.begin = kBegin;
  day.alarms_per_minute = 60;
  DayCourse course(village, day);
  std::vector<Planned> messages;
  for (std::size_t i = 0; i < count; ++i) messages.push_back(course.next());
  return messages;
}

std::string line_of(const Planned& planned) {
  return fmt::format("{} {} {} {} {}", planned.at.count(), planned.client,
                     static_cast<int>(planned.qos), planned.topic, planned.payload);
}

}  // namespace

TEST_CASE("the same seed gives the same messages, another seed others", "[simulator][unit]") {
  const auto first = day_of(7, 5'000);
  const auto again = day_of(7, 5'000);
  const auto other = day_of(8, 5'000);
  std::size_t different = 0;
  for (std::size_t i = 0; i < first.size(); ++i) {
    REQUIRE(line_of(first[i]) == line_of(again[i]));
    if (line_of(first[i]) != line_of(other[i])) ++different;
  }
  REQUIRE(different > 4'900);
}

TEST_CASE("time runs forward and every class of event occurs", "[simulator][unit]") {
  const auto messages = day_of(3, 20'000);
  std::map<EventClass, std::size_t> counts;
  for (std::size_t i = 0; i < messages.size(); ++i) {
    ++counts[messages[i].purpose];
    if (i > 0) REQUIRE(messages[i].at >= messages[i - 1].at);
  }
  for (const EventClass event_class : kEventClasses) {
    INFO(to_string(event_class));
    REQUIRE(counts[event_class] > 10);
  }
  REQUIRE(counts[EventClass::alarm] < messages.size() / 20);
}

TEST_CASE("a bigger village begins with the smaller one, and every family has its share",
          "[simulator][unit]") {
  VillageOptions options;
  options.devices = 1'000;
  const Village large = build_village(options);
  options.devices = 40;
  const Village small = build_village(options);
  std::map<Family, unsigned> counts;
  std::set<std::string> ids;
  for (const simulator::Device& device : large.devices) {
    ++counts[device.family];
    REQUIRE(ids.insert(device.id).second);
  }
  for (const FamilyFacts& facts : families()) {
    REQUIRE(facts_of(facts.family).prefix == facts.prefix);
    REQUIRE(std::abs(static_cast<int>(counts[facts.family]) - static_cast<int>(facts.share)) <= 1);
  }
  for (std::size_t i = 0; i < small.devices.size(); ++i) {
    REQUIRE(small.devices[i].id == large.devices[i].id);
  }
}

TEST_CASE("what is JSON in the field is JSON here, and a GS524N adds up to zero",
          "[simulator][unit]") {
  std::size_t checksums = 0;
  for (const Planned& planned : day_of(11, 20'000)) {
    REQUIRE(is_utf8(planned.payload));
    const char first = planned.payload.front();
    if (first != '{' && first != '[') continue;
    boost::system::error_code error;
    const auto value = boost::json::parse(planned.payload, error);
    INFO(planned.payload);
    REQUIRE_FALSE(error);
    if (planned.topic.find("24e124136c") == std::string::npos) continue;
    const auto bytes = from_base64(std::string_view(value.at("data").as_string()));
    REQUIRE(bytes);
    unsigned sum = 0;
    for (const char byte : *bytes) sum += static_cast<unsigned char>(byte);
    REQUIRE(sum % 256 == 0);
    ++checksums;
  }
  REQUIRE(checksums > 100);
}

TEST_CASE("a fall is suspected before it is confirmed, and one press makes three publishes",
          "[simulator][unit]") {
  std::map<std::string, std::string> last_state;
  std::size_t confirmed = 0;
  std::size_t presses = 0;
  const auto messages = day_of(5, 40'000);
  for (std::size_t i = 0; i + 2 < messages.size(); ++i) {
    const Planned& planned = messages[i];
    const bool fell = planned.payload.find(R"("fall_down_status":"fall")") != std::string::npos;
    if (planned.payload.find("maybe_fall") != std::string::npos) {
      last_state[planned.topic] = "suspected";
    } else if (fell && last_state[planned.topic] != "confirmed") {
      REQUIRE(last_state[planned.topic] == "suspected");
      last_state[planned.topic] = "confirmed";
      ++confirmed;
    } else if (planned.payload.find(R"("fall_down_status":"none")") != std::string::npos) {
      last_state[planned.topic] = "normal";
    }
    if (planned.payload.find(R"("action":"emergency")") == std::string::npos) continue;
    ++presses;
    REQUIRE(messages[i + 1].topic == planned.topic + "/action");
    REQUIRE(messages[i + 1].payload == "emergency");
    REQUIRE(messages[i + 2].payload.find(R"("action":"")") != std::string::npos);
  }
  REQUIRE(confirmed >= 3);
  REQUIRE(presses >= 3);
}

TEST_CASE("only gauges with a connection of their own publish at QoS 0", "[simulator][unit]") {
  std::size_t at_0 = 0;
  for (const Planned& planned : day_of(2, 20'000)) {
    if (planned.qos != Qos::at_most_once) continue;
    ++at_0;
    REQUIRE(planned.topic.starts_with("wp/in/water/"));
  }
  REQUIRE(at_0 > 100);
}

TEST_CASE("a round passes the patrol points in their order", "[simulator][unit]") {
  std::vector<Planned> scans;
  for (Planned& planned : day_of(4, 30'000)) {
    if (planned.purpose == EventClass::patrol) scans.push_back(std::move(planned));
  }
  REQUIRE(scans.size() > 30);
  for (std::size_t i = 1; i < scans.size(); ++i) {
    const auto gap = scans[i].at - scans[i - 1].at;
    REQUIRE(gap >= std::chrono::minutes(3));
  }
}

TEST_CASE("the device table names each LoRa device with its codec", "[simulator][unit]") {
  VillageOptions options;
  options.devices = 100;
  const std::string tables = device_tables(build_village(options));
  REQUIRE(tables.find("id = \"24e124713c000001\"\nprofile = \"milesight_em310_udl\"\nname = \"") !=
          std::string::npos);
  REQUIRE(tables.find("id = \"smoke-01\"\nname = ") != std::string::npos);
}

TEST_CASE("water follows the rain", "[simulator][unit]") {
  double most_rise = 0;
  for (int hour = 0; hour < 24 * 6; ++hour) {
    const auto weather = weather_at(9, std::chrono::minutes(10 * hour));
    if (weather.rise > 0) REQUIRE(weather.rain_total > 0);
    most_rise = std::max(most_rise, weather.rise);
    REQUIRE(weather.rise <= 1);
    REQUIRE(weather.rain >= 0);
  }
  REQUIRE(most_rise > 0.05);
}

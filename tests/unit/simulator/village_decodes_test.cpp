// The village's messages through the built-in decoders, with the bindings and the device table of a
// daemon.
#include <algorithm>
#include <map>
#include <utility>

#include "decode/registry.hpp"
#include "rules/verdict.hpp"
#include "simulator/day_course.hpp"
#include "simulator/story.hpp"
#include "support/catch.hpp"

using namespace watchpost;
using namespace watchpost::simulator;

namespace {

decode::Registry registry_for(const Village& village) {
  decode::RegistryOptions options;
  options.bindings = decode::default_bindings();
  for (const simulator::Device& device : village.devices) {
    decode::DeviceEntry entry;
    entry.id = device.id;
    entry.profile = facts_of(device.family).profile;
    options.devices.push_back(std::move(entry));
  }
  auto registry = decode::Registry::build(options);
  REQUIRE(registry.has_value());
  return std::move(*registry);
}

struct Seen {
  std::size_t messages = 0;
  std::size_t alarms = 0;
  std::map<std::string, std::size_t> devices;
};

}  // namespace

TEST_CASE("every message of the village is understood, and says what it was meant to say",
          "[simulator][unit]") {
  VillageOptions village_options;
  village_options.devices = 300;
  Village village = build_village(village_options);
  auto registry = registry_for(village);
  DayOptions day;
  day.alarms_per_minute = 120;
  day.begin = WallTime(std::chrono::seconds(1'795'000'000));
  DayCourse course(village, day);
  Seen seen;

  for (int i = 0; i < 60'000; ++i) {
    const Planned planned = course.next();
    const auto topic = Topic::parse(planned.topic);
    REQUIRE(topic);
    // Real time passes too, because decoders may merge messages of one moment.
    const WallTime now = day.begin + planned.at;
    const decode::Frame frame{*topic, planned.payload, false, now};
    const auto decoding = registry.decode(frame);
    INFO(planned.topic << " " << planned.payload << " " << decoding.why);
    // Zigbee2MQTT publishes the same press again on a topic of its own.
    const bool echo = planned.topic.ends_with("/action");
    if (echo && decoding.outcome == decode::Outcome::ignored) continue;
    REQUIRE(decoding.outcome == decode::Outcome::decoded);
    REQUIRE_FALSE(decoding.observations.empty());
    ++seen.messages;
    ++seen.devices[decoding.observations.front().device];
    bool declares_alarm = false;
    bool is_patrol = false;
    for (const Observation& observation : decoding.observations) {
      declares_alarm = declares_alarm || rules::judge(observation).alarm.has_value();
      is_patrol = is_patrol || rules::judge(observation).event_class == EventClass::patrol;
    }
    REQUIRE(declares_alarm == (planned.purpose == EventClass::alarm));
    REQUIRE(is_patrol == (planned.purpose == EventClass::patrol));
    if (declares_alarm) ++seen.alarms;
  }

  REQUIRE(seen.alarms > 100);
  for (const simulator::Device& device : village.devices) {
    INFO(device.id);
    REQUIRE(seen.devices.count(device.id) == 1);
  }
}

TEST_CASE("every message of a story is understood, and its beats come in order",
          "[simulator][unit]") {
  decode::RegistryOptions options;
  options.bindings = decode::default_bindings();
  auto registry = decode::Registry::build(options).value();
  for (const Story& story : stories()) {
    INFO(story.name);
    CHECK(story_called(story.name) == &story);
    std::chrono::seconds last{0};
    std::size_t alarms = 0;
    for (const Beat& beat : story.beats) {
      INFO(beat.words);
      CHECK(beat.at >= last);
      last = beat.at;
      if (beat.topic.empty()) continue;
      const auto topic = Topic::parse(beat.topic);
      REQUIRE(topic);
      const WallTime now = WallTime(std::chrono::seconds(1'795'000'000)) + beat.at;
      const auto decoding = registry.decode({*topic, beat.payload, false, now});
      REQUIRE(decoding.outcome == decode::Outcome::decoded);
      const Observation& first = decoding.observations.front();
      CHECK(std::any_of(story.devices.begin(), story.devices.end(),
                        [&first](const StoryDevice& each) { return each.id == first.device; }));
      const bool is_alarm = rules::judge(first).alarm.has_value();
      CHECK(is_alarm == (beat.purpose == EventClass::alarm));
      alarms += is_alarm ? 1 : 0;
    }
    // What a rule or a fault raises is no alarm by its message alone.
    CHECK((alarms > 0 || story.name == "river" || story.name == "radio"));
    CHECK(story.alarms > 0);
  }
  CHECK(story_called("no such") == nullptr);
}

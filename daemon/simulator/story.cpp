#include "simulator/story.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <utility>

namespace watchpost::simulator {
namespace {

using std::chrono::seconds;

Beat smoke_beat(seconds at, std::string_view words, std::string_view detector, bool alarm) {
  Beat beat{at, std::string(words)};
  beat.topic = fmt::format("zigbee2mqtt/{}", detector);
  beat.payload = fmt::format(R"({{"battery":97,"linkquality":120,"smoke":{}}})", alarm);
  if (!alarm) beat.purpose = EventClass::telemetry;
  return beat;
}

Beat fall_beat(seconds at, std::string_view words, std::string_view status) {
  Beat beat{at, std::string(words)};
  beat.topic = "zigbee2mqtt/story-fall-bedroom";
  beat.payload =
      fmt::format(R"({{"fall_down_status":"{}","presence":true,"radar_scene":"bedroom"}})", status);
  if (status == "none") beat.purpose = EventClass::telemetry;
  return beat;
}

Beat act_beat(seconds at, std::string_view words, Command command) {
  command.by.who = "duty desk";
  command.by.from = "simulated";
  Beat beat{at, std::string(words)};
  beat.act = std::move(command);
  return beat;
}

Story kitchen_fire() {
  constexpr std::string_view kFirst = "story-smoke-kitchen";
  constexpr std::string_view kSecond = "story-smoke-stairs";
  return {"kitchen-fire",
          "two detectors of one house say smoke, one after the other; later both are clear",
          {{std::string(kFirst), "kitchen", "story house"},
           {std::string(kSecond), "stairs", "story house"}},
          {smoke_beat(seconds{0}, "The detector of the kitchen says smoke", kFirst, true),
           smoke_beat(seconds{2}, "It says so again: the same alarm", kFirst, true),
           smoke_beat(seconds{4}, "The detector of the stairs says so too: both are red", kSecond,
                      true),
           smoke_beat(seconds{9}, "The kitchen is clear", kFirst, false),
           smoke_beat(seconds{10}, "The stairs are clear", kSecond, false)},
          seconds{6},
          2,
          {}};
}

Story confirmed_fall() {
  return {
      "fall",
      "a radar suspects a fall, nobody answers for 60 s, and it becomes an alarm by itself",
      {{"story-fall-bedroom", "bedroom", "story flat 301"}},
      {fall_beat(seconds{0}, "The radar of the bedroom suspects a fall; the wait of 60 s begins",
                 "maybe_fall"),
       {seconds{62}, "Nobody answered in 60 s: it is an alarm now"},
       fall_beat(seconds{68}, "The person is up again", "none")},
      seconds{63},
      1,
      {}};
}

Beat level_beat(seconds at, std::string_view words, double level) {
  Beat beat{at, std::string(words)};
  beat.topic = "wp/in/water/story-river-bridge";
  beat.payload = fmt::format(
      R"([{{"bn":"story-river-bridge:","n":"water_level","u":"m","v":{:.2f}}}])", level);
  beat.purpose = EventClass::telemetry;
  return beat;
}

Story river() {
  return {
      "river",
      "a river rises past its warning level, then past the level that is guaranteed, and falls",
      {{"story-river-bridge", "river gauge", "story bridge"}},
      {level_beat(seconds{0}, "The river stands at 3.20 m", 3.2),
       level_beat(seconds{2}, "3.62 m: the warning level of 3.50 m is passed", 3.62),
       level_beat(seconds{4}, "4.31 m: the guaranteed level of 4.20 m is passed", 4.31),
       level_beat(seconds{8}, "3.90 m: it falls", 3.9),
       level_beat(seconds{10}, "3.10 m: it is below both", 3.1)},
      seconds{5},
      2,
      "[[device]]\nid = \"story-river-bridge\"\nwarning_level = 3.50\nguarantee_level = 4.20\n"};
}

constexpr std::string_view kStoryBridge = "story/zigbee2mqtt";

Beat bridge_beat(seconds at, std::string_view words, std::string_view state) {
  Beat beat{at, std::string(words)};
  beat.topic = fmt::format("{}/bridge/state", kStoryBridge);
  beat.payload = fmt::format(R"({{"state":"{}"}})", state);
  beat.purpose = EventClass::status;
  return beat;
}

Story radio() {
  const auto reports = [](seconds at, int detector) {
    Beat beat{at, fmt::format("Detector {} reports that all is well", detector)};
    beat.topic = fmt::format("{}/story-radio-{}", kStoryBridge, detector);
    beat.payload = R"({"battery":97,"linkquality":80,"smoke":false})";
    beat.purpose = EventClass::status;
    return beat;
  };
  return {"radio",
          "the radio of three detectors goes down: one alarm that says whom it affects",
          {{fmt::format("{}/bridge", kStoryBridge), "radio", "story tower"},
           {"story-radio-1", "hall", "story tower"},
           {"story-radio-2", "cellar", "story tower"},
           {"story-radio-3", "attic", "story tower"}},
          {bridge_beat(seconds{0}, "The radio is there", "online"), reports(seconds{1}, 1),
           reports(seconds{1}, 2), reports(seconds{1}, 3),
           bridge_beat(seconds{3}, "The radio is down: three detectors are not heard any more",
                       "offline"),
           bridge_beat(seconds{9}, "The radio is back", "online"), reports(seconds{10}, 1)},
          seconds{5},
          1,
          {}};
}

Story drill() {
  constexpr std::string_view kInside = "story-smoke-school";
  constexpr std::string_view kOutside = "story-smoke-shop";
  Command start;
  start.action = DutyAction::drill_start;
  start.note = "a story";
  start.lasts = std::chrono::minutes{5};
  start.scope.devices = {std::string(kInside)};
  Command end;
  end.action = DutyAction::drill_end;
  return {"drill",
          "a drill at one detector: its alarm is marked as drill, that of another one is real",
          {{std::string(kInside), "school", "story school"},
           {std::string(kOutside), "shop", "story shop"}},
          {act_beat(seconds{0}, "A drill begins at the school's detector", start),
           smoke_beat(seconds{2}, "The school's detector says smoke: an alarm of the drill",
                      kInside, true),
           smoke_beat(seconds{4}, "The shop's detector says smoke: a real alarm", kOutside, true),
           smoke_beat(seconds{9}, "The school is clear", kInside, false),
           smoke_beat(seconds{10}, "The shop is clear", kOutside, false),
           act_beat(seconds{13}, "The drill ends", end)},
          seconds{6},
          2,
          {}};
}

}  // namespace

const std::vector<Story>& stories() {
  static const std::vector<Story> kStories{kitchen_fire(), confirmed_fall(), river(), radio(),
                                           drill()};
  return kStories;
}

const Story* story_called(std::string_view name) {
  const auto found = std::find_if(stories().begin(), stories().end(),
                                  [name](const Story& each) { return each.name == name; });
  return found == stories().end() ? nullptr : &*found;
}

std::string entry_of(const Story& story) {
  boost::json::array devices;
  for (const StoryDevice& each : story.devices)
    devices.push_back({{"device", each.id}, {"name", each.name}, {"place", each.place}});
  return boost::json::serialize(boost::json::object{
      {"by", "duty desk"}, {"from", "simulated"}, {"devices", std::move(devices)}});
}

std::string opening_of(const Story& story) {
  std::string text = fmt::format("The story \"{}\": {}\n", story.name, story.about);
  if (!story.config.empty())
    text +=
        fmt::format("It needs these lines in the configuration of the gateway:\n{}", story.config);
  return text;
}

std::optional<std::string> shortfall_of(const Story& story, std::size_t alarms) {
  if (alarms >= story.alarms) return std::nullopt;
  const std::string_view remedy =
      story.config.empty() ? ""
                           : ": put the lines that it needs into the configuration and reload it";
  return fmt::format("{} alarms were to come of the story, and {} did{}", story.alarms, alarms,
                     remedy);
}

std::string story_names() {
  std::string names;
  for (const Story& each : stories()) names += (names.empty() ? "" : ", ") + each.name;
  return names;
}

}  // namespace watchpost::simulator

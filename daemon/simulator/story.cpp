#include "simulator/story.hpp"

#include <fmt/format.h>

#include <algorithm>
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
          seconds{6}};
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
      seconds{63}};
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
          seconds{6}};
}

}  // namespace

const std::vector<Story>& stories() {
  static const std::vector<Story> kStories{kitchen_fire(), confirmed_fall(), drill()};
  return kStories;
}

const Story* story_called(std::string_view name) {
  const auto found = std::find_if(stories().begin(), stories().end(),
                                  [name](const Story& each) { return each.name == name; });
  return found == stories().end() ? nullptr : &*found;
}

std::string story_names() {
  std::string names;
  for (const Story& each : stories()) names += (names.empty() ? "" : ", ") + each.name;
  return names;
}

}  // namespace watchpost::simulator

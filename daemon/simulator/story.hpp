// Story: what happens at one place, message by message and act by act, in real time: to show, to
// try and to train.
// Promise: the same messages each time; the devices are the story's own ("story-…"). Pure.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/command.hpp"
#include "model/event_class.hpp"

namespace watchpost::simulator {

struct Beat {
  std::chrono::seconds at{0};  // since the story began, rising
  std::string words;           // what happens, for who watches
  // A message; without a topic there is none.
  std::string topic{};
  std::string payload{};
  EventClass purpose = EventClass::alarm;
  std::optional<Command> act{};  // of a person; its key is made when it is done
};

struct StoryDevice {
  std::string id, name, place;
};

struct Story {
  std::string name;
  std::string about;
  std::vector<StoryDevice> devices;  // to be entered before it begins
  std::vector<Beat> beats;
  std::chrono::seconds desk_from{0};  // before, nobody sits at the duty desk
  std::size_t alarms = 0;             // that come of it
  std::string config{};               // what the gateway's configuration must have for that
};

// All there are, for the help text and in the order in which they are told.
[[nodiscard]] const std::vector<Story>& stories();
[[nodiscard]] const Story* story_called(std::string_view name);
// Its devices, as they are entered (POST /v1/enter).
[[nodiscard]] std::string entry_of(const Story& story);
// What is said before it begins.
[[nodiscard]] std::string opening_of(const Story& story);
// Why it has not told what it was to tell, where only so many alarms came of it.
[[nodiscard]] std::optional<std::string> shortfall_of(const Story& story, std::size_t alarms);
// "kitchen-fire, fall, river, radio, drill".
[[nodiscard]] std::string story_names();

}  // namespace watchpost::simulator

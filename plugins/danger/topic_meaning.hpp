// What a topic says of what is published on it, where nobody told us.
// Promise: of the last levels those name the value that name a danger together ("smoke/alarm");
// levels such as "state" name nothing. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "danger/names.hpp"
#include "sdk/json.hpp"

namespace watchpost::danger {

struct TopicMeaning {
  std::string device;     // the topic without the levels that name nothing ("state", "value")
  std::string name;       // of the value, by the last levels ("smoke_alarm"); empty where none does
  NameMeaning meaning{};  // of `name`
  std::string place;      // the last levels of `device`: "cellar_sump"
  bool asks = false;      // a level that names nothing follows: how it is
  bool is_event = false;  // a level says so: what is published there has happened ("event/smoke")
  bool posts_events = false;  // ".../event/post": of a thing model, named in the message
  bool is_spoken_to = false;  // commands, settings and announcements: nothing that a sensor found
};
[[nodiscard]] TopicMeaning meaning_of_topic(std::string_view topic);
// The topic of an event that only the message names, as the clouds of Alibaba's kind call it:
// {"method":"thing.event.SmokeAlarm.post"}; nothing where it names none.
[[nodiscard]] std::optional<std::string> posted_topic(const sdk::json::value* message,
                                                      std::string_view topic);
// At most 128.
[[nodiscard]] std::vector<std::string_view> levels_of(std::string_view topic);
// True for a name under which a yes is an alarm, or may be one.
[[nodiscard]] bool names_danger(const NameMeaning& meaning);

}  // namespace watchpost::danger

// What the members of one object say of each other, where nobody told us its form: which of them
// says how it is, and of what it says that.
// Promise: {"device":"smoke detector","attribute":"battery_low","value":1} is about the battery:
// where a member names the value, it counts more than what the device is. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

#include "sdk/json.hpp"

namespace watchpost::danger {

// What the value of an object is about.
struct About {
  std::string name;        // "smoke"; empty: nothing says it
  bool is_danger = false;  // false beside a name: it is about something else ("battery_low")
};
// Also by an object inside that tells of the device ({"val":true,"hm":{"channelType":"SMOKE"}}).
[[nodiscard]] About about_what(const sdk::json::object& object);
// What the head of a message says that its body is about:
// {"header":{"identifier":"smoke_state"},"body":{"value":1}}; empty where it has none.
[[nodiscard]] std::string about_in_header(const sdk::json::object& object);
// The member that says how it is, the one that speaks of an alarm first; empty where none does.
// `about`: the danger that it would be about, where that is known.
[[nodiscard]] std::string value_in(const sdk::json::object& object, std::string_view about = {});
// True where the type of the message is an alarm, and nothing more: {"type":"alarm"}.
[[nodiscard]] bool is_said_to_be_alarm(const sdk::json::object& object);
// {"alarm":{"type":"smoke","threshold":5}} is a setting, and no alarm.
// True where the type of the message is one of an alarm: {"cmd":"warn"}, {"msgType":"alarm"}.
[[nodiscard]] bool is_message_of_alarm(const sdk::json::object& object);
// True where the text has a word of alarm: "SmokeAlarm".
[[nodiscard]] bool says_alarm_in_words(std::string_view text);
// True where a member says how the device is that speaks: a description of a "smoke alarm", and no
// alarm of one.
[[nodiscard]] bool tells_of_itself(const sdk::json::object& object);
[[nodiscard]] bool is_setting(const sdk::json::object& object);
// "alarm" or "pre-alarm" alone, where "critical" may speak of a battery.
[[nodiscard]] bool says_only_alarm(std::string_view text);
// "warnLevel", "预警等级": how bad it is.
[[nodiscard]] bool names_grade(std::string_view key);
// Longer than a word or two.
[[nodiscard]] bool is_prose(std::string_view text);

}  // namespace watchpost::danger

// Happenings: messages whose type says what has happened: {"type":"Panic Alarm"},
// {"payload_type":"SOS"}, {"类型":"烟雾报警"}.
// Promise: a type may be what a device is as well ("smoke alarm"), so it counts where nothing in
// the message says more about it: no value, no other event, no setting; beside a battery or a
// version, which a device tells of itself, it counts only where it leaves no doubt. Pure; any
// thread.
#pragma once

#include <cstdint>
#include <string>

#include "sdk/json.hpp"

namespace watchpost::danger {

enum class Happened : std::uint8_t {
  no,
  perhaps,  // it may be what the device is
  yes,
};
struct Happening {
  Happened happened = Happened::no;
  std::string key;
  std::string text;  // "Panic Alarm"
};
[[nodiscard]] Happening happening_in(const sdk::json::object& object);
// True where what `key` holds are things, and not what they say: "sensors", "device", "zones".
[[nodiscard]] bool holds_things(std::string_view key);
// "msgType", "cmd": the type of a message, which no device has.
[[nodiscard]] bool is_type_of_message(std::string_view key);
// "recovery", "eliminate": as the type of a message it tells the end of an alarm.
[[nodiscard]] bool says_it_ended(std::string_view text);
// "new", "pending": of an alarm that nobody has taken.
[[nodiscard]] bool is_untaken(std::string_view text);

}  // namespace watchpost::danger

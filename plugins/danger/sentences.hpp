// Sentences: texts that people write, or programs for people, where they say more than a name and a
// state: "Water leak in laundry room!", "SOS! lat:30.2 long:120.1", "Smoke alarm makers merge".
// Promise: English and Chinese; what is not of one of these forms is left to who asks. Pure; any
// thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "danger/values.hpp"

namespace watchpost::danger {

// True for what a tracker sends as a text message: a call for help, and where.
[[nodiscard]] bool calls_in_front(std::string_view text);
// Without "..., please shut the valve": what is to be done speaks of other things.
[[nodiscard]] std::string_view without_advice(std::string_view text);
// "water leak" of "Water leak in laundry room!"; empty where no place ends it.
[[nodiscard]] std::string in_front_of_place(std::string_view text);
// "Panic" of "Panic from control panel": the call in front of where, or whom, it comes from; empty
// where none stands there.
[[nodiscard]] std::string call_in_front(std::string_view text);
// "Grandma is calling for help": nobody has to press anything more.
[[nodiscard]] bool cries_for_help(std::string_view text);
// "厨房燃气泄漏", "Panic button pressed by Mr Li": no word of alarm, and no name of a thing.
[[nodiscard]] bool tells_what_happened(std::string_view text);
// {"reason":"emergency_button"}: why a device speaks, where that is a call; a board may start again
// for a "panic".
[[nodiscard]] bool tells_why(const NamedText& member);
// What "alarm" is in an English text without a verb of alarm.
enum class AlarmNoun : std::uint8_t {
  happens,  // it has gone off, as far as the text says: "Fire alarm Mill Lane"; names have capitals
  things,   // "Schools to get new fire alarms"
  doubtful,  // "Smoke alarm makers merge": it may be either
};
[[nodiscard]] AlarmNoun alarm_noun_in(std::string_view text);

}  // namespace watchpost::danger

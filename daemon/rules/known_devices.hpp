// Known devices: who was heard, who was entered, and who yields where there is no room.
// Promise: a device that is not known is judged all the same. I/O thread only.
#pragma once

#include <string_view>

#include "rules/step.hpp"

namespace watchpost::rules {

enum class Acquaintance : std::uint8_t { known, now_heard, no_room };
// Remembers a device that was heard for the first time; where there is no room for it, that one is
// there which is not known.
Acquaintance acquaint(Step& step, std::string_view device);
// Name, place, interval and card are taken; what judgement knows of it (out of service, a live
// test, its proof) stays. A person's word goes first: a device that was only heard, and has no
// alarm, yields to one that is entered. Refused where there is none, where it has no id, where a
// text is too long, or where the card says of who lives there what nobody agreed to.
CommandResult enter_device(Step& step, const Device& entered);

}  // namespace watchpost::rules

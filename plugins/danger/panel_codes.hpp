// Panel codes: what alarm panels and their receivers report by numbers and letters: Contact ID (SIA
// DC-05: "18 1110 01 003"), the two letters of SIA DC-03 ("Nri1/FA01"), and both in frames of SIA
// DC-09.
// Promise: a code is read where the text has the form of such a frame, or the members beside it are
// those of a panel; "1110" alone is a number. Burglary, tamper, faults, tests, arming and bypasses
// are no danger of ours and stay as they are; what is over says so. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sdk/json.hpp"

namespace watchpost::danger {

// True for a topic or an object that is called after such codes: "panel/cid", "CIDEvent".
[[nodiscard]] bool speaks_of_codes(std::string_view name);

// {"event":"fire alarm","zone":"003"} of a message that is such a frame; nothing where it is none,
// or one that is no danger. `of_codes`: its topic speaks of them, so that less form is enough.
[[nodiscard]] std::optional<sdk::json::object> panel_frame_in(std::string_view text, bool of_codes);

// The words of the code in this object ("smoke alarm", "smoke alarm restored"); nothing where there
// is none. `of_codes`: what holds it speaks of them.
[[nodiscard]] std::optional<std::string> panel_event_in(const sdk::json::object& object,
                                                        bool of_codes);

}  // namespace watchpost::danger

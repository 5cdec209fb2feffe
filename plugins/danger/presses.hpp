// Presses of a button for help: {"device":"panic button","action":"single"}.
// Promise: only where the message or its topic calls the button one for help; letting it go, or its
// battery, is no press. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sdk/json.hpp"

namespace watchpost::danger {

// "panic button", "SOS按钮", "nurse call".
[[nodiscard]] bool is_button_for_help(std::string_view text);
// "single", "long press", "按下".
[[nodiscard]] bool says_press(std::string_view text);
// True for the name of a member, or a level of a topic, that holds the press itself.
[[nodiscard]] bool holds_press(std::string_view key);
// `about`: what is around it, or its topic, calls the thing; may be empty.
[[nodiscard]] bool is_pressed_for_help(const sdk::json::object& object, std::string_view about);

// {"wristband":"SOS"}: what somebody wears says what has happened to that person; nothing where it
// says something else.
[[nodiscard]] std::optional<std::string> told_by_worn(const sdk::json::object& object);

}  // namespace watchpost::danger

// entered_interval: how often a device is to be heard, as a person enters it in a table or a list.
// Promise: what is taken here is taken by the daemon, and the other way round. Pure; any thread.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "settings/words.hpp"

namespace watchpost::settings {

inline constexpr std::string_view kNeverHeard = "never";
inline constexpr std::chrono::seconds kLeastEnteredInterval{10};
inline constexpr std::chrono::hours kMostEnteredInterval{366 * 24};

// "1 h"; 0 of "never": its silence is none.
[[nodiscard]] std::optional<std::chrono::seconds> entered_interval(std::string_view text);
// "a time from 10 s to 366 d …": what a text must be, beside empty.
[[nodiscard]] Words entered_interval_bounds();

}  // namespace watchpost::settings

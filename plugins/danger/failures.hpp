// Failures: what a text says has failed of something that guards or drains: "level HIGH - pump
// failure", "烟感故障".
// Promise: only beside the name of a danger, a level or a pump, and never one that is over; pure;
// any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sdk/json.hpp"

namespace watchpost::danger {

[[nodiscard]] bool tells_failure(std::string_view text);
// The text of an event, or of a state, that tells one.
[[nodiscard]] std::optional<std::string> failure_in(const sdk::json::object& object);

}  // namespace watchpost::danger

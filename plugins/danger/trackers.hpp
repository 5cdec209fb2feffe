// Trackers: the lines in which position trackers and watches call for help: Queclink's @Track
// ("+RESP:GTSOS,..."), the 103 family ("imei:...,help me,..."), and children's and seniors' watches
// ("[3G*...*AL,...,00010000,...]").
// Promise: only the messages that mean danger to a person; positions, power, fences, fuel and
// answers to commands are nothing. Pure; any thread.
#pragma once

#include <optional>
#include <string_view>

#include "sdk/json.hpp"

namespace watchpost::danger {

// {"event":"sos alarm","imei":"135790246811220"}; nothing where `text` is no such call.
[[nodiscard]] std::optional<sdk::json::object> tracker_call_in(std::string_view text);

}  // namespace watchpost::danger

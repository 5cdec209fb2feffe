// What the name of a member says of its value and of its neighbours, where nothing else does:
// {"type":"smoke","value":1}, {"alarmContent":"..."}, {"status":"online"}.
// Promise: a table (member_parts.cpp); pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sdk/json.hpp"

namespace watchpost::danger {

enum class MemberPart : std::uint8_t {
  other,
  what,        // says of what its neighbour tells: type, sensor, service_id
  attribute,   // which of the things that a device tells the value is: property, datapoint
  event,       // the text of an event: alarmType, content
  in_words,    // how it is, in words: statusText
  loud_value,  // how it is, in a name that speaks of an alarm: alarm, triggered
  value,       // how it is: value, state, eventState
  course,      // whether it begins or ends: action
};
[[nodiscard]] MemberPart part_of(std::string_view key);
// "deviceStatus", "部件状态": of the device as a whole, which may be its connection.
[[nodiscard]] bool is_state_of_thing(std::string_view key);
// Of a button for help: {"type":"SOS","button":1}. Of anything else it is the button for a test.
[[nodiscard]] bool tells_a_press(std::string_view key);
// What a device says of its connection, and nothing else: "online", "lost".
[[nodiscard]] std::optional<bool> online_in(std::string_view text);
// Who sent it, where the message itself says so: "device_id", "mac"; empty where it does not.
[[nodiscard]] std::string id_in(const sdk::json::object& object);

}  // namespace watchpost::danger

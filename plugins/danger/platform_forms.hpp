// Platform forms: how programs between a device and us write what it said: attributes of NGSI
// ({"smoke":{"type":"Boolean","value":true}}), the zone states and the keypads of Zigbee as Home
// Assistant's ZHA tells them, the states of Vayyar's fall radar, alarms of AWS IoT Events.
// Promise: only what the published form says; the rest of the message stays as it is. Pure; any
// thread.
#pragma once

#include <string_view>

#include "sdk/json.hpp"

namespace watchpost::danger {

// Each changes what it finds in this object, not in what that holds; true: it has found something.
bool take_out_of_ngsi(sdk::json::object& object);
bool name_zigbee_zone(sdk::json::object& object);
bool name_radar_state(sdk::json::object& object);
// {"di1_name":"Water leak","di1":1}
bool name_by_sibling(sdk::json::object& object);
bool name_alarm_model(sdk::json::object& object);
// A first look: whether one of them may find something at this member.
[[nodiscard]] bool may_be_of_platform(std::string_view key, const sdk::json::value& value);

}  // namespace watchpost::danger

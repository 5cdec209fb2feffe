// Device codes: what devices say by numbers that a standard or their maker publishes: objects and
// resources of LwM2M and IPSO ("/3407/0/6046"), EnOcean's equipment profiles ({"SMO":16}), Tuya's
// data points ({"dps":{"1":"alarm"}}), alarm states of Matter, values of OPC UA with their quality.
// Promise: only what the published list calls a danger is given its name; the rest of the message
// stays as it is. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sdk/json.hpp"

namespace watchpost::danger {

// The name of what stands at such a path: "smoke_detected"; empty where it is no danger, or no
// path.
[[nodiscard]] std::string_view lwm2m_name(std::string_view path);
// "lwm2m/ep/3407/0/6046" as "lwm2m/ep/smoke_detected"; nothing for any other topic.
[[nodiscard]] std::optional<std::string> lwm2m_topic(std::string_view topic);

// SenML of LwM2M: {"bn":"/3407/0/","n":"6046"}. `base`: the last "bn", kept from record to record.
bool name_lwm2m_record(sdk::json::object& object, std::string& base);
// Records of one object of IPSO, of which one says what it is used for:
// [{"n":"3300/0/5850","bv":true},{"n":"3300/0/5750","sv":"Smoke"}].
bool name_lwm2m_list(sdk::json::array& list);
// Each names what it finds in this object, not in what that holds; true: it has found something.
bool name_lwm2m(sdk::json::object& object);
bool name_enocean(sdk::json::object& object);
// `about`: what holds it, or its topic.
bool name_matter(sdk::json::object& object, std::string_view about);
// The values themselves, where their quality is good; where it is bad, a yes is no answer that is
// known, and a no is none at all.
bool take_out_of_opc_ua(sdk::json::object& object);
// By the category of the product, or by a name that says what it is. Without both nobody knows what
// a point is: one that says "alarm" is then told in `unread`.
bool name_tuya(sdk::json::object& object, std::string_view about, std::string& unread);

// The states of Matter's SmokeCoAlarm cluster: "2" below "SmokeCoAlarm/smokeState" is "critical".
[[nodiscard]] std::optional<std::string_view> matter_state(std::string_view topic,
                                                           const sdk::json::value& value);

}  // namespace watchpost::danger

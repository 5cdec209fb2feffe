// alarm_event: a transition as the `data` of the event that tells of it, and an alarm as the local
// API tells it: the one place where both are written.
// Promise: one event has all that is to be known of its alarm after it, so that whoever has the
// newest one of each alarm (by gateway, number and `transition`) has the list of alarms, open and
// closed; valid JSON for any names. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

#include "model/command.hpp"
#include "model/device.hpp"
#include "model/transition.hpp"

namespace watchpost {

// Of its device, as it was entered; either may be empty.
struct AlarmWhere {
  std::string name{};
  std::string place{};
};

// The event's `data`. Evidence without a number yet is left out.
[[nodiscard]] std::string transition_data(const Transition& transition, const AlarmWhere& where);
// What was done to a device or to the gateway.
[[nodiscard]] std::string deed_data(const Deed& deed);
// That somebody entered a device, or edited it. Of its card it says which texts were changed, and
// no text: what is known of a household stays on the gateway.
struct DeviceEntered {
  const Device& device;
  const Rare<DeviceCard>& card_before;
  const Actor& by;
  const Stamp& at;
};
[[nodiscard]] std::string entry_data(const DeviceEntered& entered);
// The alarm alone, as the object `alarm` of that data but for what only a transition has.
[[nodiscard]] std::string alarm_object(const Alarm& alarm, const AlarmWhere& where);

// Event id of the record; empty where it has no number yet.
[[nodiscard]] std::string evidence_id(const Evidence& evidence);

}  // namespace watchpost

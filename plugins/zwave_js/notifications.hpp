// notifications: what a Z-Wave device notifies (Notification command class; the types, states and
// events of SDS13713, "Z-Wave Notification Command Class, list of assigned Notifications").
// Promise: a state of a type that is a danger and is not in the table is `unknown`; the end of a
// test or of a mute ("Alarm status": idle) is no all-clear. Constant; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "danger/words.hpp"

namespace watchpost::zwave_js {

enum class Means : std::uint8_t {
  calm,     // the danger of its type is over, or was not there
  alarm,    // the danger of its type
  test,     // a test
  muted,    // silenced: neither
  fault,    // of the device: worn out, broken, dirty
  sound,    // the fault is over
  tamper,   // opened or moved
  closed,   // no more
  battery,  // low
  mains_lost,
  mains,
  presence,
  absence,
  opened,  // a door
  shut,
  nothing,  // says nothing about a danger
  unread,   // of a type that is a danger, in no form that is known
};

struct Notified {
  Means means = Means::nothing;
  // Of calm, alarm, test, unread; none where the type is of no kind of ours.
  std::optional<danger::Danger> danger{};
  std::string_view label{};  // of a state or event, for people
  bool level = false;        // about a level of water, not a leak
};

// `type` and `variable`: in words. `value`: of the variable; 0 is idle.
struct StateName {
  std::string_view type;
  std::string_view variable;
};
[[nodiscard]] Notified notified_state(const StateName& name, unsigned value);
// `event`: the label of an event in words, which comes where a variable has no place.
struct EventName {
  std::string_view type;
  std::string_view event;
};
[[nodiscard]] Notified notified_event(const EventName& name);
// True for "sensor status" and its like.
[[nodiscard]] bool is_variable(std::string_view key);

}  // namespace watchpost::zwave_js

// Status of a Shelly, generation 1 and 2.
// Promise: a null alarm is unknown; mute is not clear; `errors` is a fault, and what a broken
// detector calls calm is none; a clock that was never set (unixtime 0 or null, `ts` an uptime) is
// no time. Pure.
#pragma once

#include <deque>
#include <string>

#include "sdk/json.hpp"
#include "sdk/observation.hpp"
#include "sdk/options.hpp"

namespace watchpost::shelly {

// What one message says, device by device: the Shelly itself, and each contact or further probe of
// it as a device of its own ("<device>/input:0").
struct Told {
  std::string device;
  sdk::Observation observation;
};
struct Report {
  const sdk::Options& options;
  std::string_view device;
  sdk::Observation own{WATCHPOST_DEVICE_STATUS, WATCHPOST_INFO};  // of the Shelly itself
  bool has_own = false;
  std::deque<Told> others{};
  std::string unread{};  // a sentence about what was not understood
};

// The state an alarm member declares: true, false, or null and missing.
[[nodiscard]] inline watchpost_state alarm_state(std::optional<bool> alarm) {
  return !alarm ? WATCHPOST_UNKNOWN : *alarm ? WATCHPOST_ALARM : WATCHPOST_NORMAL;
}

// shellies/<id>/info. False where nothing in it is known.
bool read_info(const sdk::json::object& info, sdk::Observation& observation);
// shellies/<id>/sensor/<name> with a bare value. False where the name is not known.
struct SensorValue {
  std::string_view name;
  std::string_view value;
};
bool read_sensor(const SensorValue& sensor, sdk::Observation& observation);

// Of generation 2: {"smoke:0":{..},"devicepower:0":{..}}, and one of them. False where none is
// known.
bool read_components(const sdk::json::object& components, Report& report);
bool read_component(std::string_view name, const sdk::json::object& component, Report& report);
// The events of a NotifyEvent.
bool read_events(const sdk::json::object& params, Report& report);

// A button that the site lists: each press calls for help, or what its profile says.
struct Press {
  std::string_view contact;
  std::string_view event;
};
bool read_press(const Press& press, Report& report);
bool read_contact(std::string_view contact, const sdk::json::value& value, Report& report);

}  // namespace watchpost::shelly

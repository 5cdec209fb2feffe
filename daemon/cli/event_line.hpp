// One event as one line for a person: local time, class, id, device, state, readings. Pure but for
// the zone of the environment.
#pragma once

#include <string>
#include <string_view>

namespace watchpost::cli {

// `event`: a CloudEvent as the daemon forwards it. A time that nobody vouches for has a '?' behind
// it. What cannot be read is given back as it is, without line ends.
[[nodiscard]] std::string event_line(std::string_view event);
// Does the event tell of this device, by id or by name?
struct NamedDevice {
  std::string_view name;
};
[[nodiscard]] bool tells_of(std::string_view event, NamedDevice device);

}  // namespace watchpost::cli
